"""Names: one person's dots and blanks vary, and two persons stay two."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanglao.kernel.names import DOTS, fold_name, mask_name, tidy_name


@pytest.mark.parametrize("dot", list(DOTS))
def test_every_dot_is_the_same_dot(dot: str) -> None:
    assert fold_name(f"买买提{dot}吐尔逊") == "买买提吐尔逊"
    assert fold_name(f"买买提 {dot}\u3000吐尔逊") == "买买提吐尔逊"
    assert tidy_name(f"买买提 {dot} 吐尔逊") == "买买提·吐尔逊"


def test_different_names_stay_different() -> None:
    assert fold_name("买买提•吐尔洪") != fold_name("买买提·吐尔逊")
    assert fold_name("麦麦提.吐尔逊") != fold_name("买买提·吐尔逊")


@pytest.mark.parametrize(
    ("name", "tidy"),
    [
        ("张三", "张三"),
        (" 张　三 ", "张三"),
        ("张\u200b三\n", "张三"),
        ("张\x01三\x9b\x7f", "张三"),
        ("买买提..吐尔逊.", "买买提·吐尔逊"),
        ("阿卜杜拉·.买买提", "阿卜杜拉·买买提"),
        ("Ｊｏｈｎ  Smith", "John Smith"),
        ("", ""),
        ("··", ""),
    ],
)
def test_tidy(name: str, tidy: str) -> None:
    assert tidy_name(name) == tidy


@pytest.mark.parametrize(
    ("name", "masked"),
    [("张三", "张*"), ("欧阳修", "欧**"), ("买买提.吐尔逊", "买**·***"), ("张", "张"), ("", "")],
)
def test_mask(name: str, masked: str) -> None:
    assert mask_name(name) == masked


def test_case_and_width_do_not_matter() -> None:
    assert fold_name("ＡＢＣ　Ｄ") == fold_name("abc d") == "abcd"


@given(st.text())
def test_folding_twice_changes_nothing(name: str) -> None:
    assert fold_name(fold_name(name)) == fold_name(name)


@given(st.text())
def test_tidying_twice_changes_nothing_and_keeps_the_fold(name: str) -> None:
    assert tidy_name(tidy_name(name)) == tidy_name(name)
    assert fold_name(tidy_name(name)) == fold_name(name)


@given(st.text())
def test_no_dot_or_blank_survives_folding(name: str) -> None:
    assert not [letter for letter in fold_name(name) if letter in DOTS or letter.isspace()]
