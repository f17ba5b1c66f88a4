"""One small month of lists for all tests of the generator."""

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from yanglao.ops.demo.generate import generate
from yanglao.ops.demo.manifest import Manifest

PEOPLE = 1500
SEED = 7


@pytest.fixture(scope="session")
def month(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    """October 2026 of 1,500 elders."""
    return generate(tmp_path_factory.mktemp("lists"), people=PEOPLE, seed=SEED)


@pytest.fixture(scope="session")
def verdicts(month: Manifest) -> dict[str, list[dict[str, str]]]:
    """Expected verdicts by file name."""
    return verdicts_of(month.verdicts)


def verdicts_of(path: Path) -> dict[str, list[dict[str, str]]]:
    """Read a file of verdicts, grouped by list file."""
    grouped: dict[str, list[dict[str, str]]] = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as source:
        for row in csv.DictReader(source):
            grouped[row["file"]].append(row)
    return grouped
