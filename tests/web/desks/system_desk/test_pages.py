"""Places, 兵团's own tree, jobs, and the record of acts."""

import ast
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.web.desks.match_desk.world import (
    COUNTY,
    OTHER_COUNTY,
    REGION,
    TOWN,
    VILLAGE,
    cells,
    make_places,
    status_of,
)
from yanglao.domain.exchange.public import ListState
from yanglao.domain.places.public import load_corps_tree
from yanglao.foundation import audit, jobs
from yanglao.foundation.audit.words import ACTS
from yanglao.foundation.models import Job
from yanglao.foundation.scoping import Reader, system_reader

pytestmark = pytest.mark.django_db
ClientAs = Callable[..., Client]


@pytest.fixture(autouse=True)
def _places(db: None) -> None:
    make_places()


@pytest.mark.parametrize(
    ("role", "area", "jobs_status", "audit_status"),
    [
        ("system_admin", REGION, 200, 403),
        ("security_admin", REGION, 403, 403),
        ("audit_admin", REGION, 403, 200),
        ("prefecture", REGION, 200, 403),
        ("county", COUNTY, 200, 403),
        ("town", TOWN, 200, 403),
        ("village", VILLAGE, 403, 403),
        ("clerk", COUNTY, 403, 403),
    ],
)
def test_who_opens_what(
    client_as: ClientAs, role: str, area: str, jobs_status: int, audit_status: int
) -> None:
    client = client_as(role, area)
    assert client.get(reverse("system_desk:places")).status_code == 200
    assert client.get(reverse("system_desk:corps")).status_code == 200
    assert client.get(reverse("system_desk:jobs")).status_code == jobs_status
    assert client.get(reverse("system_desk:audit")).status_code == audit_status
    assert status_of(client, reverse("system_desk:audit-export")) == audit_status


def test_places_below_the_own_one_and_no_others(client_as: ClientAs) -> None:
    page = client_as("county", COUNTY).get(reverse("system_desk:places")).content.decode()
    assert "喀拉喀什镇" in page
    assert "奴尔巴格街道" not in page
    below = client_as("prefecture", REGION).get(
        reverse("system_desk:places"), {"place": OTHER_COUNTY}
    )
    assert "奴尔巴格街道" in below.content.decode()


def test_the_last_level_says_that_it_is_one(client_as: ClientAs) -> None:
    page = client_as("village", VILLAGE).get(reverse("system_desk:places")).content.decode()
    assert "这里没有下一级" in page


def test_corps_begins_at_the_top(client_as: ClientAs) -> None:
    client = client_as("county", COUNTY)
    assert "没有载入兵团的单位" in client.get(reverse("system_desk:corps")).content.decode()
    load_corps_tree(acting=system_reader())
    page = client.get(reverse("system_desk:corps")).content.decode()
    assert "第一师阿拉尔市" in page
    below = client.get(reverse("system_desk:corps"), {"unit": "XJ-01"}).content.decode()
    assert "第一师阿拉尔市" in below
    assert "上一级" in below
    assert client.get(reverse("system_desk:corps"), {"unit": "nowhere"}).status_code == 404


def test_jobs_of_the_area_with_state_and_trouble(
    client_as: ClientAs, reader_for: Callable[..., Reader]
) -> None:
    mine = jobs.defer("find_entitled", reader_for("county", COUNTY), region=COUNTY)
    jobs.defer("take_in_list", reader_for("county", OTHER_COUNTY), token="x" * 40)
    Job.objects.filter(pk=mine.pk).update(state=Job.State.FAILED, error="磁盘满了\nTraceback …")
    page = client_as("county", COUNTY).get(reverse("system_desk:jobs")).content.decode()
    assert "比对全部老人" in page
    assert "磁盘满了" in page
    assert "Traceback" not in page
    assert "接收名单" not in page.split("<main")[1].split("</thead>")[1]


def _act(reader: Reader, action: str, place: str = COUNTY) -> None:
    with transaction.atomic():
        audit.record(
            reader, action, subject="person", subject_id=7, place_code=place, reason="电话核实"
        )


def test_acts_are_told_in_words_and_filtered(
    client_as: ClientAs, reader_for: Callable[..., Reader]
) -> None:
    _act(reader_for("town", TOWN), "identity_revealed")
    _act(reader_for("county", OTHER_COUNTY), "fact_entered", OTHER_COUNTY)
    client = client_as("audit_admin", REGION)
    url = reverse("system_desk:audit")
    page = client.get(url).content.decode()
    assert "打开遮盖的内容" in page
    assert "档案 7" in page
    assert "电话核实" in page
    only = client.get(url, {"act": "fact_entered"}, headers={"HX-Request": "true"})
    rows = only.content.decode()
    assert "登记情况" in rows
    assert "打开遮盖的内容</" not in rows.replace("</option>", "")
    assert "测试 town" in client.get(url, {"who": "town"}).content.decode()
    assert "没有这样的记录" in client.get(url, {"since": "2999-01-01"}).content.decode()
    export = cells(client.get(reverse("system_desk:audit-export"), {"act": "fact_entered"}))
    told = [cell for row in export for cell in row]
    assert "登记情况" in told
    assert "打开遮盖的内容" not in told


def test_acts_elsewhere_are_not_told(
    client_as: ClientAs, reader_for: Callable[..., Reader]
) -> None:
    _act(reader_for("county", OTHER_COUNTY), "fact_entered", OTHER_COUNTY)
    page = client_as("audit_admin", COUNTY).get(reverse("system_desk:audit")).content.decode()
    assert "测试 county" not in page


def test_the_record_cannot_be_written_from_the_page(client_as: ClientAs) -> None:
    client = client_as("audit_admin", REGION)
    assert client.post(reverse("system_desk:audit")).status_code == 405


def _literals(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return {node.value}
    if isinstance(node, ast.IfExp):
        return _literals(node.body) | _literals(node.orelse)
    return set()


def _acts_of(tree: ast.Module) -> set[str]:
    """Return the acts a file writes down, also through functions of its own that take one."""
    at = {"audit.record": 1, "audit.read": 1, "audit.refused": 1, "record.read": 1}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            names = [arg.arg for arg in node.args.args]
            if "action" in names:
                at[node.name] = names.index("action")
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in at:
            place = at[ast.unparse(node.func)]
            if place < len(node.args):
                found |= _literals(node.args[place])
    return found


def test_every_act_that_the_program_records_has_its_words() -> None:
    """A new act without words would show its code to an officer."""
    root = Path(__file__).resolve().parents[4] / "src" / "yanglao"
    found: set[str] = set()
    for path in root.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if "audit" in text and "foundation/audit" not in path.as_posix():
            found |= _acts_of(ast.parse(text))
    found |= {f"list_{state}" for state in ListState}
    assert len(found) > 50
    assert found <= set(ACTS), found - set(ACTS)
