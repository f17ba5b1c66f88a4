"""Two devices, one answer: no edit is lost, and the order of arrival does not matter."""

from collections.abc import Sequence
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from yanglao.domain.assessments.types import Candidate, FieldMerge, merge_field

#: An edit as a device makes it, before the server numbers it.
Raw = tuple[str, str, int, int, str]

_VALUES = st.integers(0, 2)


def _stored(raw: Sequence[Raw]) -> list[Candidate]:
    return [
        Candidate(edit_id, device, base, value, at, revision)
        for revision, (edit_id, device, base, value, at) in enumerate(raw, 1)
    ]


@st.composite
def two_devices(draw: st.DrawFn) -> tuple[list[Raw], list[Raw], list[Raw]]:
    """A common past, then what two devices do without seeing each other."""
    past = [
        (f"p{n}", "past", n, draw(_VALUES), f"2026-11-01T08:{n:02}:00+08:00")
        for n in range(draw(st.integers(0, 2)))
    ]
    base = len(past)
    chains = [
        [
            (f"{device}{n}", device, base, draw(_VALUES), f"2026-11-01T{hour:02}:{n:02}:00+08:00")
            for n in range(draw(st.integers(0, 4)))
            for hour in [draw(st.integers(9, 10))]
        ]
        for device in "AB"
    ]
    return past, chains[0], chains[1]


def _interleavings(one: list[Raw], other: list[Raw]) -> list[list[Raw]]:
    """Every order that keeps the order of each device."""
    if not one or not other:
        return [[*one, *other]]
    return [[one[0], *rest] for rest in _interleavings(one[1:], other)] + [
        [other[0], *rest] for rest in _interleavings(one, other[1:])
    ]


def _told(state: FieldMerge) -> tuple[object, ...]:
    return (
        state.shown.value,
        state.in_conflict,
        tuple(sorted(one.edit_id for one in state.standing)),
    )


@given(two_devices())
def test_any_interleaving_gives_the_same_end(
    parts: tuple[list[Raw], list[Raw], list[Raw]],
) -> None:
    """The same answer shown, the same conflict, the same edits side by side."""
    past, one, other = parts
    if not (past or one or other):
        return
    ends = {_told(merge_field(_stored([*past, *way]))) for way in _interleavings(one, other)}
    assert len(ends) == 1


@given(two_devices())
def test_a_conflict_is_there_exactly_where_both_changed_it_differently(
    parts: tuple[list[Raw], list[Raw], list[Raw]],
) -> None:
    """Said independently: both devices wrote since the common past, and their last words differ."""
    past, one, other = parts
    if not (past or one or other):
        return
    state = merge_field(_stored([*past, *one, *other]))
    both_and_different = bool(one and other) and one[-1][3] != other[-1][3]
    assert state.in_conflict == both_and_different
    last = {chain[-1][0] for chain in (one, other) if chain}
    shown = {candidate.edit_id for candidate in state.standing}
    assert shown == (last or {past[-1][0]})


@given(two_devices())
def test_sending_after_having_seen_replaces(
    parts: tuple[list[Raw], list[Raw], list[Raw]],
) -> None:
    """A third device that saw an undisputed answer replaces it; a dispute stays for a person."""
    past, one, other = parts
    before = [*past, *one, *other]
    if not before:
        return
    quarrel = merge_field(_stored(before)).in_conflict
    after = merge_field(_stored([*before, ("c", "C", len(before), 9, "2026-11-02T08:00:00+08:00")]))
    if quarrel:
        assert after.in_conflict
        assert len(after.standing) == 3
    else:
        assert [candidate.edit_id for candidate in after.standing] == ["c"]


@given(two_devices())
def test_settling_leaves_one(parts: tuple[list[Raw], list[Raw], list[Raw]]) -> None:
    """Whoever settles has seen all of it; a device that had not seen it can object again."""
    past, one, other = parts
    before = _stored([*past, *one, *other])
    if not before:
        return
    n = len(before)
    settled = Candidate("s", "settled", n, 1, "2026-11-02T08:00:00+08:00", n + 1, settles=True)
    assert [one.edit_id for one in merge_field([*before, settled]).standing] == ["s"]
    late = Candidate("l", "late", 0, 2, "2026-11-01T07:00:00+08:00", n + 2)
    assert merge_field([*before, settled, late]).in_conflict


def test_equal_answers_of_two_devices_are_no_conflict() -> None:
    """Both saw the same; one changing his mind afterwards makes one."""
    for first, second in product((0, 1), repeat=2):
        edits = _stored([("a", "A", 0, first, "1"), ("b", "B", 0, second, "2")])
        assert merge_field(edits).in_conflict == (first != second)
    changed = _stored([("a", "A", 0, 1, "1"), ("b", "B", 0, 1, "2"), ("c", "B", 0, 2, "3")])
    assert merge_field(changed).in_conflict


def test_choices_in_another_order_are_the_same_answer() -> None:
    """A list of choices is a set; true is not one."""
    lists = _stored([("a", "A", 0, ["x", "y"], "1"), ("b", "B", 0, ["y", "x"], "2")])  # type: ignore[list-item]
    assert not merge_field(lists).in_conflict
    kinds = _stored([("a", "A", 0, True, "1"), ("b", "B", 0, 1, "2")])
    assert merge_field(kinds).in_conflict
