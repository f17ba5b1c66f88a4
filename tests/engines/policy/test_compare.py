"""What a new version changes, in words."""

from tests.engines.policy.conftest import POLICIES
from yanglao.engines.policy.cases import run_cases
from yanglao.engines.policy.compare import compare_packs
from yanglao.engines.policy.pack import Pack

CATALOGUE = "hetian/catalogue.yaml"


def _changed(pack: Pack, path: str, *pairs: tuple[str, str]) -> Pack:
    """The pack with some text of a file replaced."""
    source = dict(pack.source)
    for before, after in pairs:
        assert before in source[path], before
        source[path] = source[path].replace(before, after)
    return Pack.from_source(source)


def test_the_same_pack_changes_nothing(hetian: Pack) -> None:
    """Nothing to tell."""
    assert compare_packs(hetian, hetian).empty


def test_a_changed_rule_is_told_in_both_sentences(hetian: Pack) -> None:
    """Old and new, with the values of parameters."""
    who = "who: age >= :advanced_age\n"
    new = _changed(hetian, CATALOGUE, (who, "who: age >= 75\n"), ("lead_days: 15", "lead_days: 7"))
    found = compare_packs(hetian, new)
    assert [(one.code, [each.field for each in one.changes]) for one in found.changed] == [
        ("06", ["who"]),
        ("14", ["lead_days"]),
    ]
    change = found.changed[0].changes[0]
    assert (change.label, change.before, change.after) == ("条件", "年满 80 周岁", "年满 75 周岁")
    assert not (found.added or found.removed or found.parameters or found.facts)


def test_a_changed_parameter_is_told_once_and_in_the_items_it_moves(hetian: Pack) -> None:
    """The number, and the sentences that say it."""
    new = _changed(hetian, "national/parameters/ages.yaml", ("value: 80", "value: 79"))
    found = compare_packs(hetian, new)
    assert [one.field for one in found.parameters] == ["advanced_age"]
    assert "80 周岁" in found.parameters[0].before
    assert "79 周岁" in found.parameters[0].after
    assert {one.code for one in found.changed} == {"03", "06"}


def test_added_and_removed_items(hetian: Pack) -> None:
    """By code and name."""
    new = _changed(hetian, CATALOGUE, ('code: "17"', 'code: "18"'))
    found = compare_packs(hetian, new)
    assert found.added == (("18", "流浪乞讨救助"),)
    assert found.removed == (("17", "流浪乞讨救助"),)


def test_a_changed_derived_fact(hetian: Pack) -> None:
    """Its own line, and the items that use it."""
    new = _changed(hetian, "national/pack.yaml", ("disability_grade <= 2", "disability_grade <= 3"))
    found = compare_packs(hetian, new)
    assert [one.field for one in found.facts] == ["severely_disabled"]
    assert {one.code for one in found.changed} == {"14", "16b"}


def test_cases_tell_what_a_changed_rule_does(hetian: Pack) -> None:
    """A wrong pack fails its cases, at file and line, with expected and found."""
    new = _changed(hetian, CATALOGUE, ("who: age >= :advanced_age\n", "who: age >= 81\n"))
    report = run_cases(new, POLICIES / "hetian")
    told = [str(failure) for failure in report.failures]
    assert told
    assert all(line.startswith("hetian/cases/06.yaml:") for line in told)
    assert any("项目 06 期望 yes，实际 no" in line for line in told)
    assert report.ran > 100
