"""The phone adds up and finds the level as the engine does: the script itself, run in Node."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from yanglao.flows.read_assessment_form import AbilityForm, ability_form
from yanglao.flows.sync_sheets.told import form_told, scale_told
from yanglao.web.desks.assessor_phone.words import words

SHEETS = 3000
_RUN = """
import { readFileSync } from "node:fs";
const { score, circumstances } = await import(process.argv[1]);
const { scale, form, words, sheets } = JSON.parse(readFileSync(0, "utf8"));
const found = sheets.map((values) => {
  const answers = circumstances(form, (name) => values[name]);
  for (const one of scale.dimensions) for (const item of one.items)
    if (values[item.code] !== undefined) answers[item.code] = values[item.code];
  return score(scale, answers, words);
});
process.stdout.write(JSON.stringify(found));
"""


@pytest.fixture(scope="module")
def whole() -> AbilityForm:
    return ability_form(date(2026, 11, 5))


def on_the_phone(whole: AbilityForm, sheets: list[dict[str, Any]], script: Path) -> list[Any]:
    node = shutil.which("node")
    assert node, "Node builds the front end; it is there wherever this test runs"
    given = {
        "scale": scale_told(whole.scale),
        "form": form_told(whole.form),
        "words": words(),
        "sheets": sheets,
    }
    run = subprocess.run(  # our own script
        [node, "--input-type=module", "-e", _RUN, script.as_uri()],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    found: list[Any] = json.loads(run.stdout)
    return found


def random_sheets(whole: AbilityForm, number: int, seed: int) -> list[dict[str, Any]]:
    """Sheets of every level, some with gaps, all circumstances in every mixture."""
    rng = Random(seed)
    sheets = []
    for _ in range(number):
        lean = rng.random()
        values: dict[str, Any] = {}
        for item in whole.scale.items.values():
            points = sorted(item.points)
            good = rng.random() < lean
            values[item.code] = points[-1] if good else rng.choice(points)
        values["a5_coma"] = rng.choice(["none"] * 8 + ["has"])
        values["a4_diagnoses"] = rng.choice(
            [["none"], ["none"], ["dementia"], ["hypertension", "mental"], ["dementia", "mental"]]
        )
        for name in whole.form.circumstances["risk_events"].sum:
            values[name] = rng.choice(["0"] * 6 + ["1", "2", "3"])
        if rng.random() < 0.25:
            for name in rng.sample(sorted(values), rng.randrange(1, 6)):
                values.pop(name)
        sheets.append(values)
    return sheets


def compared(found: Mapping[str, Any]) -> tuple[Any, ...]:
    return (
        found["sums"],
        found["total"],
        found["final"],
        tuple(found["reasons"]),
        tuple(found["hints"]),
    )


def test_the_phone_equals_the_engine(whole: AbilityForm, repository: Path) -> None:
    """Sums, total, level, every sentence; unknown circumstances give no level on either."""
    sheets = random_sheets(whole, SHEETS, seed=4)
    told = on_the_phone(whole, sheets, repository / "frontend/js/assessor/score.js")
    levels = set()
    for values, phone in zip(sheets, told, strict=True):
        engine = whole.score(values)
        assert compared(phone) == (
            engine.sums,
            engine.total,
            engine.final,
            engine.reasons,
            engine.hints,
        ), values
        assert (engine.final is None) == bool(phone["missing"]), values
        if engine.final is not None:
            assert phone["preliminary"] == engine.preliminary
            levels.add((engine.preliminary, engine.final))
    assert {final for _first, final in levels} == {0, 1, 2, 3, 4}
    assert (0, 4) in levels or (1, 4) in levels, "coma over a good sheet was tried"


def test_each_boundary_of_the_bands(whole: AbilityForm, repository: Path) -> None:
    """The lowest and the highest sum of each band, made of real answers."""
    sheets = []
    for band in whole.scale.levels.rows:
        for total in (band.low, band.high):
            left, values = total, {}
            for item in whole.scale.items.values():
                values[item.code] = min(max(item.points), left)
                left -= values[item.code]
            assert left == 0
            sheets.append(values)
    told = on_the_phone(whole, sheets, repository / "frontend/js/assessor/score.js")
    ranks = [band.rank for band in whole.scale.levels.rows for _end in range(2)]
    assert [one["preliminary"] for one in told] == ranks
    assert all(one["final"] is None for one in told), "no circumstance was asked"
