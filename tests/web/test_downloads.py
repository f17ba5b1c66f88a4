"""Lists taken out: on record, long ones by a job, and only for who asked."""

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.test import Client

from tests.web.desks.factories import (  # noqa: F401  fixtures
    COUNTY,
    FAR,
    TOWN,
    World,
    _fixed_day_and_own_folder,
    places,
    text_of,
    world,
)
from yanglao.domain.accounts.models import Account
from yanglao.foundation import clock, jobs
from yanglao.foundation.models import AuditEntry, Job
from yanglao.foundation.secrets import sealed_folder
from yanglao.web.kit.downloads import sweep_downloads

pytestmark = pytest.mark.django_db
ClientAs = Callable[..., Client]
LIST = "/leads/export.xlsx"


def book_of(response: Any) -> Any:
    content = b"".join(response.streaming_content)
    for close in response._resource_closers:
        close()
    return openpyxl.load_workbook(io.BytesIO(content))


@pytest.fixture
def long_lists(settings: Any) -> None:
    """Everything of more than one row is long."""
    settings.EXPORT_AT_ONCE = 1


def test_taking_a_list_out_is_on_record(client_as: ClientAs, world: World) -> None:  # noqa: F811
    assert book_of(client_as("county", COUNTY).get(LIST)).sheetnames[-1] == "说明"
    entry = AuditEntry.objects.filter(action="list_exported").order_by("-id").first()
    assert entry is not None and entry.subject_id == LIST
    assert entry.detail["rows"] > 0 and entry.detail["masked"] is True


def test_a_long_list_is_made_by_a_job_for_who_asked(
    client_as: ClientAs,
    world: World,  # noqa: F811
    long_lists: None,
) -> None:
    client = client_as("town", TOWN)
    waits = client.get(f"{LIST}?state=open")
    assert waits.status_code == 302
    page = waits["Location"]
    assert "排在前面" in text_of(client.get(page))
    assert client.get(f"{page}file/").status_code == 404
    [job] = jobs.run_all()
    assert job.state == Job.State.DONE, job.error
    assert "下载" in text_of(client.get(page))
    kept = sealed_folder("downloads") / str(job.pk) / "file"
    assert not zipfile.is_zipfile(kept), "a file in the clear lies on disk"
    answer = client.get(f"{page}file/")
    assert int(answer["Content-Length"]) == job.outcome["size"] < kept.stat().st_size
    sheet = book_of(answer).worksheets[0]
    codes = str([[cell.value for cell in row] for row in sheet.iter_rows()])
    assert sheet.max_row == 3 + job.outcome["rows"] and world.far.name not in codes
    entry = AuditEntry.objects.filter(action="list_exported").order_by("-id").first()
    assert entry is not None and entry.user_id == job.asked_by_id
    # Nobody else has it, not even from above.
    for other in (client_as("county", COUNTY), client_as("town", TOWN)):
        assert other.get(page).status_code == 404
        assert other.get(f"{page}file/").status_code == 404


def test_a_file_is_gone_after_a_day(
    client_as: ClientAs,
    world: World,  # noqa: F811
    long_lists: None,
) -> None:
    client = client_as("county", COUNTY)
    page = client.get(LIST)["Location"]
    [job] = jobs.run_all()
    Job.objects.filter(pk=job.pk).update(finished_at=clock.now() - timedelta(days=1, minutes=1))
    assert client.get(f"{page}file/").status_code == 404
    assert "过期" in text_of(client.get(page))
    assert sweep_downloads() == 0, "younger on disk than a day"


def test_who_lost_the_permission_meanwhile_gets_nothing(
    client_as: ClientAs,
    world: World,  # noqa: F811
    long_lists: None,
) -> None:
    client = client_as("county", COUNTY)
    page = client.get(LIST)["Location"]
    Account.objects.filter(area_code=COUNTY, role="county").update(role="clerk", department="civil")
    [job] = jobs.run_all()
    assert job.state == Job.State.FAILED
    assert client.get(f"{page}file/").status_code in {302, 404}


def test_csv_as_well(client_as: ClientAs, world: World) -> None:  # noqa: F811
    response = client_as("county", COUNTY).get(f"{LIST}?format=csv")
    assert response["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))) as archive:
        assert archive.namelist()[1] == "说明.txt"
    for close in response._resource_closers:
        close()
