"""Parameters: nothing unknown passes, nothing missing is guessed."""

from datetime import date
from pathlib import Path

import pytest

from yanglao.engines.ltcfund.terms import SPECS, LtcTermsErrors, read_terms

ROOT = Path(__file__).resolve().parents[3] / "policies"
NATIONAL = ("national", (ROOT / "national/ltci.yaml").read_text(encoding="utf-8"))
HETIAN = ("hetian", (ROOT / "hetian/ltci.yaml").read_text(encoding="utf-8"))


def changed(old: str, new: str) -> tuple[str, str]:
    assert NATIONAL[1].count(old) >= 1
    return "national", NATIONAL[1].replace(old, new, 1)


def test_the_files_of_the_checkout_are_whole() -> None:
    terms = read_terms([NATIONAL, HETIAN])
    assert set(terms.parameters) == set(SPECS)
    assert "和田" in terms.title
    assert terms.parameters["lowest_grade"].document.startswith("《和田")
    assert all(one.note for one in terms.unverified())


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("fund_share:", "fund_shares:", "没有这个参数"),
        ("home: 70, institution: 70", "home: 70", "应正好写"),
        ("home: 70, institution: 70", "home: 170, institution: 70", "0～100"),
        ("home: 70, institution: 70", "home: 7.5, institution: 70", "0～100"),
        ("    note: 用来发现不可能的记录。\n", "", "没有核实的数要写 note"),
        ("prevalence: observed", "prevalence: guessed", "prevalence"),
        ("from: 2024-01, value: 240", "from: soon, value: 240", "年月"),
    ],
)
def test_what_is_wrong_is_refused(old: str, new: str, told: str) -> None:
    with pytest.raises(LtcTermsErrors, match=told):
        read_terms([changed(old, new)])


def test_numbers_are_dated_and_unknown_is_none() -> None:
    text = changed(
        "- {from: 2024-01, home: 70, institution: 70}",
        "- {from: 2024-01, home: 70, institution: null}\n"
        "      - {from: 2026-07, home: 75, institution: 60}",
    )
    terms = read_terms([text])
    assert terms.value("fund_share", date(2026, 6, 30), "home") == 70
    assert terms.value("fund_share", date(2026, 6, 1), "institution") is None
    assert terms.value("fund_share", date(2026, 7, 1), "home") == 75
    assert terms.value("fund_share", date(2023, 12, 1), "home") is None
    with pytest.raises(KeyError):
        terms.value("fund_share", date(2026, 7, 1), "hotel")
