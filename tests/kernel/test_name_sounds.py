"""How names sound: spellings of one name share a key, different names mostly do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanglao.kernel.sounds import LONGEST, readings, sound_key


@pytest.mark.parametrize(
    "spellings",
    [
        ("买买提·吐尔逊", "麦麦提.图尔荪", "买合买提 吐尔松", "买麦提•图尔逊"),
        ("阿不都热合曼", "阿卜杜热曼", "阿布都热赫曼"),
        ("古丽", "古力", "姑丽"),
        ("玉素甫", "玉苏普"),
        ("阿依古丽", "阿伊姑丽"),
    ],
)
def test_spellings_of_one_name_share_a_key(spellings: tuple[str, ...]) -> None:
    """Whichever clerk wrote it."""
    assert len({sound_key(name) for name in spellings}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("买买提·吐尔逊", "买买提·热合曼"), ("张伟", "李伟"), ("古丽", "帕提古丽"), ("木沙", "依明")],
)
def test_other_names_have_other_keys(one: str, other: str) -> None:
    """Else everybody would be looked at."""
    assert sound_key(one) != sound_key(other)


def test_readings_have_no_tones_and_no_blanks() -> None:
    """As pinyin is typed."""
    assert readings("买买提·吐尔逊") == "maimaitituerxun"
    assert readings("John Smith") == "johnsmith"


@given(st.text(max_size=120))
def test_any_text_has_a_key(text: str) -> None:
    """Not longer than its column; the same again, with or without dots."""
    key = sound_key(text)
    assert len(key) <= LONGEST
    assert sound_key(f" {text}·") == key
