"""Every pack of ``policies/`` is read, and every worked case comes out as an officer wrote it."""

from pathlib import Path

import pytest

from yanglao.engines.policy.cases import run_cases
from yanglao.engines.policy.pack import load_pack
from yanglao.engines.policy.rulebook import rule_book, vocabulary_page

POLICIES = Path(__file__).parents[2] / "policies"
REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
PACKS = sorted(file.parent.name for file in POLICIES.glob("*/pack.yaml"))


@pytest.mark.parametrize("code", PACKS)
def test_pack_and_cases(code: str) -> None:
    """No mistakes in the pack, no case that comes out otherwise."""
    pack = load_pack(code, POLICIES)
    report = run_cases(pack, POLICIES / code)
    assert not report.failures, "\n".join(str(failure) for failure in report.failures)
    assert report.ran or not pack.items


def test_hetian_has_a_case_for_every_corner() -> None:
    """The cases cover birthdays 60, 65, 80 and 29 February."""
    texts = "".join(
        file.read_text(encoding="utf-8") for file in (POLICIES / "hetian" / "cases").glob("*.yaml")
    )
    for words in ("60 周岁生日当天", "65 周岁生日当天", "80 周岁生日当天", "2 月 29 日"):
        assert words in texts


def test_the_reference_pages_are_as_generated() -> None:
    """After a change: ``PYTHONPATH=src python -m yanglao.engines.policy.rulebook``."""
    pack = load_pack("hetian", POLICIES)
    pages = {
        "rule-book.md": rule_book(pack, pack.in_force_from),
        "vocabulary.md": vocabulary_page(pack.vocabulary),
    }
    for name, text in pages.items():
        assert (REFERENCE / name).read_text(encoding="utf-8") == text, f"write {name} again"
