"""Sealing: opens with the right key and purpose only; blind indexes tell equality only."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanglao.foundation import secrets
from yanglao.foundation.secrets.keys import parse_keys

OLD = f"index hmac-sm3 {'ab' * 32}\n1 sm4 {'01' * 16}\n"
BOTH = OLD + f"2 sm4 {'02' * 16}\n"


@pytest.fixture(autouse=True)
def _own_keys(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("YANGLAO_KEYRING", OLD)
    secrets.forget_keys()
    yield
    secrets.forget_keys()


@given(st.text(max_size=200))
def test_what_is_sealed_opens_again(text: str) -> None:
    """And never seals to the same bytes twice."""
    sealed = secrets.seal("people.person", text)
    assert secrets.unseal("people.person", sealed) == text
    assert secrets.seal("people.person", text) != sealed


def test_sm3_and_sm4_are_the_standards_own() -> None:
    """GB/T 32905-2016 appendix A.1: the digest of "abc"."""
    expected = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert secrets.sm3_hex(b"abc") == expected
    assert secrets.Sm3(b"a").hexdigest() != expected


@pytest.mark.parametrize("at", [1, 14, 30, -1])
def test_a_changed_byte_is_noticed(at: int) -> None:
    """Nonce, tag or text: all are bound."""
    sealed = bytearray(secrets.seal("a", "653221195001011234"))
    sealed[at] ^= 1
    with pytest.raises(secrets.SealBroken):
        secrets.unseal("a", bytes(sealed))


def test_a_sealed_value_does_not_open_elsewhere() -> None:
    """What was sealed for one column is no use in another; a stump is none at all."""
    with pytest.raises(secrets.SealBroken):
        secrets.unseal("b", secrets.seal("a", "text"))
    with pytest.raises(secrets.SealBroken):
        secrets.unseal("a", b"\x01short")


def test_many_are_as_one() -> None:
    """Nothing stays nothing."""
    sealed = secrets.seal_many("a", ["x", None, ""])
    assert sealed[1] is None
    assert secrets.unseal_many("a", sealed) == ["x", None, ""]
    assert secrets.blind_indexes("a", ["x", "y"]) == [
        secrets.blind_index("a", "x"),
        secrets.blind_index("a", "y"),
    ]


def test_a_blind_index_tells_equality_within_a_purpose_only() -> None:
    """16 bytes; another purpose gives others; purpose and text can't flow into each other."""
    assert secrets.blind_index("a", "x") == secrets.blind_index("a", "x")
    assert len(secrets.blind_index("a", "x")) == 16
    assert secrets.blind_index("b", "x") != secrets.blind_index("a", "x")
    assert secrets.blind_index("ab", "c") != secrets.blind_index("a", "bc")


def test_older_versions_still_open_and_the_newest_seals(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rotation in its first half: both keys are there."""
    old = secrets.seal("a", "x")
    monkeypatch.setenv("YANGLAO_KEYRING", BOTH)
    assert secrets.unseal("a", old) == "x"
    new = secrets.seal("a", "x")
    assert (secrets.sealed_with(old), secrets.sealed_with(new)) == (1, 2)
    monkeypatch.setenv("YANGLAO_KEYRING", OLD)
    with pytest.raises(secrets.KeyProblem, match="第 2 版"):
        secrets.unseal("a", new)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "index hmac-sm3"),
        ("1 sm4 00", "第 1 行"),
        (OLD + "1 sm4 " + "03" * 16, "第 3 行"),
        (OLD + "256 sm4 " + "03" * 16, "第 3 行"),
        (OLD.splitlines()[0], "至少一行 sm4"),
    ],
)
def test_a_key_file_that_is_wrong_is_refused(text: str, message: str) -> None:
    """With its line, and without any key in the message."""
    with pytest.raises(secrets.KeyProblem, match=message) as told:
        parse_keys(text)
    assert "03" * 16 not in str(told.value)


def test_keys_of_the_demo_are_refused_elsewhere(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A demo may use them; a real installation may not."""
    monkeypatch.delenv("YANGLAO_KEYRING")
    monkeypatch.setenv("YANGLAO_HOME", str(tmp_path))
    monkeypatch.delenv("YANGLAO_DEMO", raising=False)
    with pytest.raises(secrets.KeyProblem, match="没有密钥文件"):
        secrets.key_ring()
    path = secrets.make_key_file(demo=True)
    assert path.stat().st_mode & 0o077 == 0
    with pytest.raises(secrets.KeyProblem, match="演示"):
        secrets.key_ring()
    monkeypatch.setenv("YANGLAO_DEMO", "1")
    assert secrets.key_ring().is_demo
    secrets.forget_keys()
    path.chmod(0o644)
    with pytest.raises(secrets.KeyProblem, match="chmod 600"):
        secrets.key_ring()


def test_making_keys_twice_keeps_the_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Losing keys is losing data."""
    monkeypatch.delenv("YANGLAO_KEYRING")
    monkeypatch.setenv("YANGLAO_KEYS", str(tmp_path / "apart" / "keys.txt"))
    first = secrets.make_key_file().read_bytes()
    assert secrets.make_key_file().read_bytes() == first


@given(
    st.lists(
        st.tuples(st.text(max_size=20), st.none() | st.floats(-180, 180)), min_size=1, max_size=5
    )
)
def test_envelopes_by_column_say_what_envelopes_by_row_say(
    rows: list[tuple[str, float | None]],
) -> None:
    """The fast way quotes as the encoder does; a row without secrets has no envelope."""
    from yanglao.domain.people.models import SurveyEntry

    columns = {"phone": [row[0] for row in rows], "longitude": [row[1] for row in rows]}
    by_column = secrets.seal_columns(SurveyEntry, columns, len(rows))
    by_row = secrets.seal_rows(SurveyEntry, ({"phone": a, "longitude": b} for a, b in rows))
    for one, other in zip(by_column, by_row, strict=True):
        assert secrets.opened(SurveyEntry, one) == secrets.opened(SurveyEntry, other)
        assert (one is None) == (other is None)


@given(st.lists(st.none() | st.booleans(), min_size=1, max_size=40))
def test_what_is_masked_says_nothing_and_comes_back(answers: list[bool | None]) -> None:
    """No two masks are alike; another purpose does not unmask."""
    masked = secrets.mask_many("people.healthentry.dementia", answers)
    assert len(set(masked)) == len(masked)
    assert secrets.unmask_many("people.healthentry.dementia", masked) == answers
    assert all(0 < one < 2**63 for one in masked)


def test_masks_of_older_versions_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A column in the middle of a rotation."""
    old = secrets.mask_many("a", [True, False, None])
    monkeypatch.setenv("YANGLAO_KEYRING", BOTH)
    new = secrets.mask_many("a", [False, None, True])
    both: list[int | None] = [*old, None, *new]
    assert secrets.unmask_many("a", both) == [True, False, None, None, False, None, True]
