"""What a month of demo lists consists of, and how to read it back from the folder."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from yanglao.ops.demo.person import Population

TRUTH_FOLDER = "truth"


@dataclass(frozen=True, slots=True)
class ListFile:
    """One file: what it holds, and what a clerk tells the platform when he hands it in."""

    path: Path
    kind: str
    sender: str
    division: str  # 12 digits
    full: bool  # complete for its kind, division and month
    mapping: dict[str, str]  # foreign header: canonical header; empty for known headers
    received: int  # rows
    returned: int  # rows that must come back
    either: int  # rows that may come back, wait, or be linked to the person meant


@dataclass(frozen=True, slots=True)
class Manifest:
    """A month of lists with its truth."""

    folder: Path
    month: str
    made_in: str  # month that the people were made for
    seed: int
    elders: int  # living people of 60 and over in the first month
    people: int  # everybody on any list
    as_of: date  # the day the truth is told for
    files: tuple[ListFile, ...]
    truth: Path  # truth.csv
    verdicts: Path  # verdicts.csv
    population: Population | None = field(default=None, repr=False, compare=False)

    @property
    def paths(self) -> list[Path]:
        """The lists in the order in which to take them in."""
        return [file.path for file in self.files]


def save(manifest: Manifest) -> None:
    """Write manifest.json beside the truth."""
    content = {
        "month": manifest.month,
        "made_in": manifest.made_in,
        "seed": manifest.seed,
        "elders": manifest.elders,
        "people": manifest.people,
        "as_of": manifest.as_of.isoformat(),
        "files": [
            {
                "name": file.path.name,
                "kind": file.kind,
                "sender": file.sender,
                "division": file.division,
                "full": file.full,
                "mapping": file.mapping,
                "received": file.received,
                "returned": file.returned,
                "either": file.either,
            }
            for file in manifest.files
        ],
    }
    text = json.dumps(content, ensure_ascii=False, indent=1)
    (manifest.truth.parent / "manifest.json").write_text(text + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> Manifest:
    """Read a month back from its folder. Raises FileNotFoundError when there is none."""
    beside = folder / TRUTH_FOLDER
    content = json.loads((beside / "manifest.json").read_text(encoding="utf-8"))
    files = tuple(ListFile(folder / row.pop("name"), **row) for row in content.pop("files"))
    return Manifest(
        folder=folder,
        month=content["month"],
        made_in=content["made_in"],
        seed=content["seed"],
        elders=content["elders"],
        people=content["people"],
        as_of=date.fromisoformat(content["as_of"]),
        files=files,
        truth=beside / "truth.csv",
        verdicts=beside / "verdicts.csv",
    )
