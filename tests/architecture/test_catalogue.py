"""Every item of every pack can be explained, traced to its clause, and has worked cases."""

import re
from collections import defaultdict
from pathlib import Path

import pytest

from tests.architecture.house import ROOT, told

POLICIES = ROOT / "policies"
PACKS = sorted(path.parent for path in POLICIES.glob("*/pack.yaml"))


def test_packs_were_found() -> None:
    """The parametrised tests below look at something once there are packs."""
    assert PACKS or not POLICIES.exists(), "policies/ holds no pack"


@pytest.mark.parametrize("folder", PACKS, ids=lambda path: path.name)
def test_every_item_has_a_clause_and_a_sentence(folder: Path) -> None:
    """Nobody is told yes or no without the clause and the rule in words."""
    from yanglao.engines.policy.pack import load_pack
    from yanglao.engines.policy.sentence import sentence

    pack = load_pack(folder, POLICIES)
    wording = pack.wording(pack.in_force_from)
    problems = []
    for code, item in pack.items.items():
        if not item.clause.strip():
            problems.append(f"{folder.name} {code}: no clause")
        if not re.search(r"[\u4e00-\u9fff]{2}", sentence(item.rule, wording)):
            problems.append(f"{folder.name} {code}: no sentence")
    told(problems, "Give the clause; the sentence is generated from the rule.")


@pytest.mark.parametrize("folder", PACKS, ids=lambda path: path.name)
def test_every_item_has_cases_for_yes_no_and_possible(folder: Path) -> None:
    """An officer can read what a rule does to a person, and what it does not know."""
    from yanglao.engines.policy.casefile import read_cases
    from yanglao.engines.policy.pack import load_pack
    from yanglao.engines.policy.problems import ProblemLog

    pack = load_pack(folder, POLICIES)
    log = ProblemLog()
    seen: dict[str, set[str]] = defaultdict(set)
    for case in read_cases(POLICIES, folder.name, pack.vocabulary, pack.items, log):
        for code, expected in case.expect.items():
            seen[code].add(expected.status)
    log.raise_if_any()
    own = [code for code, item in pack.items.items() if item.spot.file.startswith(folder.name)]
    problems = [
        f"{folder.name} {code}: no case for {sorted({'yes', 'no', 'possible'} - seen[code])}"
        for code in own
        if not {"yes", "no", "possible"} <= seen[code]
    ]
    told(problems, "Add worked cases to cases/*.yaml.")


@pytest.mark.parametrize("folder", PACKS, ids=lambda path: path.name)
def test_a_pack_is_data_only(folder: Path) -> None:
    """Policy is versioned and approved apart from code: no program hides in a pack."""
    problems = [
        str(path.relative_to(ROOT))
        for path in folder.rglob("*")
        if path.is_file() and path.suffix not in {".yaml", ".md"}
    ]
    told(problems, "Only YAML (and notes) in policies/.")


@pytest.mark.parametrize("folder", PACKS, ids=lambda path: path.name)
def test_every_number_has_a_source(folder: Path) -> None:
    """An age limit or an amount says which document and which article it comes from."""
    import yaml

    problems, seen = [], 0
    for path in sorted((folder / "parameters").glob("*.yaml")):
        for name, entry in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).items():
            seen += 1
            if "source" not in str(entry):
                problems.append(f"{path.relative_to(ROOT)}: {name}")
    assert seen or not (folder / "parameters").exists()
    told(problems, "Give unit and source.")
