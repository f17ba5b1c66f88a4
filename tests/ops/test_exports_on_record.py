"""What leaves by the command line stands in the record: who, how many rows, into which file."""

from pathlib import Path

import pytest

from tests.flows import population as p
from tests.flows.conftest import hetian_rows, listed, tiny_hetian  # noqa: F401  fixtures
from tests.flows.list_rows import household, number
from yanglao.flows.take_in_list import take_in
from yanglao.foundation import audit
from yanglao.foundation.models import AuditEntry
from yanglao.foundation.scoping import system_reader
from yanglao.ops.audit import export_record
from yanglao.ops.matching import export_file, run_match

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(
    tiny_hetian: str,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> str:
    """A prefecture with two people and a published list."""
    monkeypatch.setenv("YANGLAO_HOME", str(tmp_path))
    register = listed([household(1), household(3, "阿依古丽·艾力")])
    acting = system_reader(tiny_hetian)
    take_in([("户籍.xlsx", register)], acting=acting, division=tiny_hetian, month=None, full=False)
    p.publish()
    return tiny_hetian


def newest(action: str) -> AuditEntry:
    return AuditEntry.objects.filter(action=action).latest("pk")


def test_every_export_leaves_an_entry(people: str, tmp_path: Path) -> None:
    """A number in the name of the file is left out of the record."""
    to = tmp_path / f"结果{number(1)}.csv"
    run_match(region=people, as_of=p.AS_OF.isoformat(), export_to=str(to))
    told = newest("findings_exported")
    rows = len(to.read_text(encoding="utf-8").splitlines()) - 1
    assert rows > 0
    assert (told.user_name, told.kind, told.place_code) == ("命令行", "read", people)
    assert told.detail["rows"] == rows
    assert told.detail["file"].endswith(".csv") and number(1) not in told.detail["file"]
    for what, action in (("findings", "findings_exported"), ("leads", "leads_exported")):
        export_file(file=str(tmp_path / f"{what}.xlsx"), what=what, region=people)
        entry = newest(action)
        assert entry.user_name == "命令行" and entry.detail["file"] == f"{what}.xlsx"
        assert entry.detail["rows"] > 0
    before = AuditEntry.objects.count()
    export_record(file=str(tmp_path / "record.csv"), since=None, until=None)
    entry = newest("record_exported")
    assert (entry.user_name, entry.detail) == ("命令行", {"rows": before, "file": "record.csv"})


def test_what_cannot_be_recorded_does_not_leave(
    people: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No file without its entry."""

    def fail(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("the record cannot be written")

    monkeypatch.setattr(audit, "read", fail)
    with pytest.raises(RuntimeError, match="cannot be written"):
        export_file(file=str(tmp_path / "leads.csv"), what="leads", region=people)
    assert not (tmp_path / "leads.csv").exists()
