"""The tables of places in the repository: whole, consistent, in step with their tools."""

import csv
import json
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
DATA = ROOT / "src/yanglao/domain/places/data"


def rows(name: str) -> list[dict[str, str]]:
    """Read a table."""
    with (DATA / name).open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


@pytest.mark.parametrize(
    ("name", "lines", "counties"),
    [
        ("hetian.csv", 1962, 8),
        ("yunfu.csv", 1059, 5),
        ("shuangqiao.csv", 106, 1),
        ("heping.csv", 74, 1),
        ("bingtuan.csv", 1352, 12),
        ("bingtuan_hosts.csv", 1387, 45),
    ],
)
def test_area_trees_are_whole(name: str, lines: int, counties: int) -> None:
    """Every code has twelve digits, stands once, and hangs on a parent that is there."""
    tree = rows(name)
    codes = Counter(row["code"] for row in tree)
    assert len(tree) + 1 == lines
    assert max(codes.values()) == 1
    assert all(len(code) == 12 and code.isdecimal() for code in codes)
    assert all(row["parent"] in codes for row in tree if row["level"] != "province")
    assert sum(row["level"] == "county" for row in tree) == counties


def test_the_bingtuan_tree_hangs_together() -> None:
    """One corps, fourteen divisions; parents first; a child's code begins with its parent's."""
    tree = rows("bingtuan_tree.csv")
    seen: dict[str, str] = {}
    above = {"division": "corps", "regiment": "division", "company": "regiment"}
    for row in tree:
        assert row["code"] not in seen
        if row["level"] != "corps":
            assert seen[row["parent"]] == above[row["level"]]
            assert row["code"].startswith(row["parent"])
        seen[row["code"]] = row["level"]
    counted = Counter(seen.values())
    assert counted == {"corps": 1, "division": 14, "regiment": 192, "company": 2474}


def test_the_bingtuan_tree_stands_on_areas_that_exist() -> None:
    """Every area code is in the area trees; divisions without a city have none."""
    areas = {row["code"] for name in ("bingtuan.csv", "bingtuan_hosts.csv") for row in rows(name)}
    by_code = {row["code"]: row for row in rows("bingtuan_tree.csv")}
    for row in by_code.values():
        assert row["area_code"] in areas or row["code"] in ("XJ", "XJ-11", "XJ-12")
    assert by_code["XJ-08"]["area_code"] == "659001000000"
    assert by_code["XJ-14"]["area_code"] == "659009000000"
    assert by_code["XJ-11"]["area_code"] == by_code["XJ-12"]["area_code"] == ""
    assert by_code["XJ-12-104"]["area_code"] == "650103501000"
    assert by_code["XJ-06-105"]["area_code"] == "652323520000"
    assert by_code["XJ-08-152"]["name"] == "一五二团"
    assert by_code["XJ-01-016"]["name"] == "十六团（新开岭镇）"


def test_every_city_town_and_village_is_somebodys() -> None:
    """No town and no village of the twelve cities was lost on the way."""
    placed = {row["area_code"] for row in rows("bingtuan_tree.csv")}
    for name in ("bingtuan.csv", "bingtuan_hosts.csv"):
        for row in rows(name):
            if row["level"] in ("town", "village"):
                assert row["code"] in placed


def test_points_lie_in_their_shapes() -> None:
    """Eight counties, each with a point inside its schematic cells, all marked as schematic."""
    shapes = json.loads((DATA / "hetian_shapes.geojson").read_text(encoding="utf-8"))
    assert shapes["notice"] == "示意图，不作界线依据"
    points = {row["code"]: (float(row["lng"]), float(row["lat"])) for row in rows("points.csv")}
    assert len(points) == len(shapes["features"]) == 8
    for feature in shapes["features"]:
        properties = feature["properties"]
        assert properties["notice"] == "示意图，不作界线依据"
        x, y = points[properties["code"]]
        rings = [polygon[0] for polygon in feature["geometry"]["coordinates"]]
        assert all(ring[0] == ring[-1] and len(ring) > 3 for ring in rings)
        assert any(_inside(ring, x, y) for ring in rings), properties["name"]


def _inside(ring: list[list[float]], x: float, y: float) -> bool:
    within = False
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            within = not within
    return within


@pytest.mark.parametrize(
    ("tool", "made"),
    [("build_places.py", "bingtuan_tree.csv"), ("build_shapes.py", "hetian_shapes.geojson")],
)
def test_built_tables_are_what_their_tool_builds(tmp_path: Path, tool: str, made: str) -> None:
    """Nobody has edited a built file by hand, and no table changed without building again."""
    data = tmp_path / "src/yanglao/domain/places/data"
    data.mkdir(parents=True)
    for source in DATA.iterdir():
        if source.is_file() and source.name != made:
            (data / source.name).write_bytes(source.read_bytes())
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools" / tool).write_bytes((ROOT / "tools" / tool).read_bytes())
    subprocess.run([sys.executable, str(tmp_path / "tools" / tool)], check=True)
    assert (data / made).read_bytes() == (DATA / made).read_bytes()
