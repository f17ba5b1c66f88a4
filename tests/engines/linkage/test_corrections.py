"""Candidates for a wrong number are solved for: the same as trying out every slip."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from yanglao.engines.linkage import one_slip_away
from yanglao.kernel.idnumber import check_digit


def tried_out(written: str) -> list[str]:
    """Return what :func:`one_slip_away` shall, by undoing every slip and looking what is valid."""
    found = set()
    for at in range(len(written) + 1):
        before, after = written[:at], written[at:]
        found |= {before + letter + after for letter in "0123456789X"}
        found |= {before + letter + after[1:] for letter in "0123456789X"}
        found |= {before + after[1:], before + after[1:2] + after[:1] + after[2:]}
    return sorted(text for text in found if text != written and valid(text))


def valid(text: str) -> bool:
    """Say whether a text is a number of somebody born between 1850 and 2100."""
    body = text[:-1]
    if len(text) != 18 or not (body.isascii() and body.isdigit()) or text[0] == "0":
        return False
    try:
        born = date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return False
    return check_digit(body) == text[17] and 1850 <= born.year <= 2100


NUMBERS = st.builds(
    lambda area, born, order: f"65{area:04}{born:%Y%m%d}{order:03}",
    st.integers(0, 9999),
    st.dates(date(1850, 1, 1), date(2100, 12, 31)),
    st.integers(0, 999),
).map(lambda body: body + check_digit(body))


@given(NUMBERS, st.integers(0, 18), st.sampled_from("0123456789X字x"), st.integers(0, 4))
def test_every_slip_is_solved_for(number: str, at: int, letter: str, slip: int) -> None:
    """A letter changed, put in, left out, exchanged, or two of these; and what is no digit."""
    before, after = number[:at], number[at:]
    written = (
        before + letter + after[1:],
        before + letter + after,
        before + after[1:],
        before + after[1:2] + after[:1] + after[2:],
        before + letter + after[2:],
    )[slip]
    assert one_slip_away(written) == tried_out(written)
