"""Upload, look, say what columns mean, confirm or give up; then what came of it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.flows.conftest import listed, workbook
from tests.web.desks.lists_desk.conftest import disabled, number, registered
from tests.web.desks.match_desk.world import (
    COUNTY,
    OTHER_COUNTY,
    REGION,
    TOWN,
    VILLAGE,
    cells,
)
from yanglao.domain.exchange.models import ColumnMapping, ReceivedList
from yanglao.domain.people.public import Person, number_indexes
from yanglao.foundation import jobs, progress
from yanglao.foundation.home import home_folder
from yanglao.foundation.models import Job

pytestmark = pytest.mark.django_db
ClientAs = Callable[..., Client]
Post = Callable[..., Any]
UPLOAD = "lists_desk:upload"


def text(answer: Any) -> str:
    return str(answer.content.decode())


def waiting() -> list[str]:
    return [path.name for path in home_folder("uploads").iterdir()]


@pytest.mark.parametrize(
    ("role", "area", "status"),
    [
        ("clerk", COUNTY, 200),
        ("county", COUNTY, 200),
        ("prefecture", REGION, 200),
        ("town", TOWN, 403),
        ("village", VILLAGE, 403),
        ("system_admin", REGION, 403),
    ],
)
def test_who_hands_lists_in(client_as: ClientAs, role: str, area: str, status: int) -> None:
    assert client_as(role, area).get(reverse(UPLOAD)).status_code == status


def test_the_form_knows_the_clerk(client_as: ClientAs) -> None:
    page = text(client_as("clerk", COUNTY, "disabled").get(reverse(UPLOAD)))
    assert "墨玉县残联" in page
    assert "2026-11" in page
    assert 'value="disability"' in page
    assert 'value="pension"' not in page
    assert OTHER_COUNTY not in page


def test_nothing_is_written_before_it_is_confirmed(client_as: ClientAs, upload: Post) -> None:
    client = client_as("clerk", COUNTY, "disabled")
    answer = upload(client, [disabled(1), disabled(2, 发证日期="很久以前")])
    page = text(client.get(answer.url))
    assert "还没有写入任何数据" in page
    assert "残疾人证" in page
    assert "很久以前" in page
    assert number(1) not in page
    assert not ReceivedList.objects.exists()
    assert not Person.objects.exists()
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"full": "yes", "month": ""}, "完整名单要写明月份"),
        ({"month": "2027-05"}, "这个月份还没到"),
        ({"month": "去年"}, "请写成 2026-10"),
        ({"sender": ""}, "必填"),
        ({"division": OTHER_COUNTY}, "请从列出的里面选"),
        ({"full": ""}, "必填"),
        ({"kind": "pension"}, "请从列出的里面选"),
    ],
)
def test_what_does_not_fit_is_said(
    client_as: ClientAs, upload: Post, more: dict[str, str], words: str
) -> None:
    client = client_as("clerk", COUNTY, "disabled")
    answer = upload(client, [disabled(1)], **more)
    assert answer.status_code == 200
    assert words in text(answer)
    assert waiting() == []


def test_other_files_than_tables_are_refused(client_as: ClientAs) -> None:
    client = client_as("county", COUNTY)
    told = {"sender": "x", "division": COUNTY, "month": "2026-10", "full": "no", "kind": ""}
    answer = client.post(
        reverse(UPLOAD), told | {"lists": SimpleUploadedFile("名单.pdf", b"%PDF-1.4")}
    )
    assert "不是可以读的文件" in text(answer)
    assert "请先选择要接收的表格" in text(client.post(reverse(UPLOAD), told))


def test_from_upload_to_answer(client_as: ClientAs, upload: Post) -> None:
    client = client_as("county", COUNTY)
    check = upload(client, [registered(1), registered(2), registered(3, 公民身份号码="6.53E+17")])
    confirm = reverse("lists_desk:take-in", args=[check.url.rstrip("/").split("/")[-1]])
    assert confirm in text(client.get(check.url))
    job_url = client.post(confirm).url
    job = Job.objects.get()
    page = text(client.get(job_url))
    assert "等待开始" in page
    assert f'hx-get="{job_url}"' in page
    jobs.run_all()
    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.error
    batch_url = reverse("lists_desk:batch", args=[job.outcome["batch_id"]])
    assert client.get(job_url).url == batch_url
    assert client.get(job_url, headers={"HX-Request": "true"})["HX-Redirect"] == batch_url
    result = text(client.get(batch_url))
    assert "有退回的行" in result
    row = ReceivedList.objects.get()
    assert (row.received, row.accepted, row.returned) == (3, 2, 1)
    assert waiting() == []
    page = text(client.get(reverse("lists_desk:list", args=[row.pk])))
    assert "第 4 行" in page
    back = cells(client.get(reverse("lists_desk:returned", args=[row.pk])))
    assert "退回原因" in back[0]
    assert any("6.53" in str(cell) for cell in back[1])


def test_a_county_officer_is_not_sent_to_the_match(client_as: ClientAs, take: Post) -> None:
    page = text(
        client_as("county", COUNTY).get(take(client_as("county", COUNTY), [registered(1)]).url)
    )
    assert reverse("match_desk:start") not in page


def test_the_platform_is_shown_the_next_step(client_as: ClientAs, take: Post) -> None:
    client = client_as("prefecture", REGION)
    page = text(client.get(take(client, [registered(1)]).url))
    assert "都收进来了" in page
    assert reverse("match_desk:start") in page


def test_the_same_file_again_is_said_before_and_after(
    client_as: ClientAs, take: Post, upload: Post
) -> None:
    client = client_as("county", COUNTY)
    rows = [registered(1)]
    data = listed(rows)
    take(client, data)
    check = upload(client, data).url
    page = text(client.get(check))
    assert "收过" in page
    assert "什么都不会变" in page
    other_month = text(client.get(upload(client, data, month="2026-11").url))
    assert "请确认这次没有选错" in other_month
    again = text(client.get(take(client, data).url))
    assert "什么都没有变" in again
    assert Person.objects.count() == 1


def test_giving_up_removes_the_files(client_as: ClientAs, upload: Post) -> None:
    client = client_as("county", COUNTY)
    check = upload(client, [registered(1)]).url
    assert len(waiting()) == 1
    assert client.get(f"{check}cancel/").url == check
    answer = client.post(f"{check}cancel/", follow=True)
    assert "上传的文件已经删掉" in text(answer)
    assert waiting() == []
    assert client.get(check).status_code == 404
    assert client.post(f"{check}take-in/").status_code == 404


def test_confirming_is_a_post(client_as: ClientAs, upload: Post) -> None:
    client = client_as("county", COUNTY)
    check = upload(client, [registered(1)]).url
    assert client.get(f"{check}take-in/").url == check
    assert not Job.objects.exists()


def test_an_upload_belongs_to_its_owner(client_as: ClientAs, upload: Post) -> None:
    check = upload(client_as("county", COUNTY), [registered(1)]).url
    other = client_as("county", COUNTY)
    assert other.get(check).status_code == 404
    for act in ("", "take-in/", "cancel/"):
        assert other.post(f"{check}{act}").status_code == 404
    assert len(waiting()) == 1


def test_columns_of_other_names_are_asked_once(
    client_as: ClientAs, upload: Post, take: Post
) -> None:
    client = client_as("county", COUNTY)
    rows = [registered(1) | {"落户所在编码": VILLAGE} for _ in range(1)]
    for row in rows:
        del row["户籍地区划代码"]
    check = upload(client, rows, kind="household").url
    page = text(client.get(check))
    assert "缺少必需的列" in page
    assert "落户所在编码" in page
    assert "这些列不认识" in page
    assert f"{check}take-in/" not in page
    said = client.post(check, {"column-0": "户籍地区划代码"}, follow=True)
    assert "再核对过" in text(said) or "重新核对过" in text(said)
    assert f"{check}take-in/" in text(said)
    client.post(f"{check}take-in/")
    jobs.run_all()
    assert ReceivedList.objects.get().accepted == 1
    remembered = ColumnMapping.objects.get(foreign_name="落户所在编码")
    assert (remembered.sender, remembered.column_name) == ("墨玉县残联", "户籍地区划代码")
    rows[0]["姓名"] = "买买提·新"
    later = text(client.get(upload(client, rows).url))
    assert "缺少必需的列" not in later
    names = text(client.get(reverse("lists_desk:mappings")))
    assert "落户所在编码" in names


def test_a_column_that_was_not_offered_is_not_taken(client_as: ClientAs, upload: Post) -> None:
    client = client_as("county", COUNTY)
    rows = [registered(1) | {"备注说明": "好"}]
    check = upload(client, rows).url
    client.post(check, {"column-0": "没有这一列", "kind": "nonsense", "column-99": "姓名"})
    page = text(client.get(check))
    assert "没有问题 1 行" in page


def test_a_table_nobody_can_tell_asks_for_its_kind(client_as: ClientAs, upload: Post) -> None:
    client = client_as("clerk", COUNTY, "disabled")
    people = [[f"买买提{at}", f"{number(at)}42"] for at in range(1, 4)]
    strange = workbook({"表": [["甲", "乙"], *people]})
    check = upload(client, strange).url
    page = text(client.get(check))
    assert "认不出是什么名单" in page
    page = text(client.post(check, {"kind": "disability"}, follow=True))
    assert "缺少必需的列" in page
    fields = {"column-0": "姓名", "column-1": "残疾人证号", "kind": "disability"}
    page = text(client.post(check, fields, follow=True))
    assert "没有问题 3 行" in page


def test_a_clerk_hands_in_his_own_kinds_only(client_as: ClientAs, upload: Post, take: Post) -> None:
    client = client_as("clerk", COUNTY, "disabled")
    page = text(client.get(upload(client, [registered(1)]).url))
    assert "您的部门不报送" in page
    assert "没有可以接收的行" in page
    assert not Person.objects.exists()


def test_a_title_that_says_otherwise_is_a_warning(client_as: ClientAs, upload: Post) -> None:
    client = client_as("county", COUNTY)
    data = listed([registered(1)], title="和田市2026年9月户籍人口花名册")
    page = text(client.get(upload(client, data, full="yes").url))
    assert "标题写的是 2026 年 9 月" in page
    assert "标题写的是和田市" in page
    plain = listed([registered(1)], title="墨玉县2026年10月户籍人口花名册")
    page = text(client.get(upload(client, plain, full="yes").url))
    assert "请再看一眼" not in page
    assert "完整名单" in page


def test_a_failed_job_keeps_the_upload_and_says_why(client_as: ClientAs, upload: Post) -> None:
    client = client_as("county", COUNTY)
    check = upload(client, [registered(1)]).url
    job_url = client.post(f"{check}take-in/").url
    Job.objects.update(state=Job.State.FAILED, error="磁盘满了\n\nTraceback")
    page = text(client.get(job_url))
    assert "磁盘满了" in page
    assert "一行都没有写入" in page
    assert "Traceback" not in page
    assert client.get(check).status_code == 200


def test_a_running_job_shows_how_far_it_is(client_as: ClientAs, upload: Post) -> None:
    client = client_as("county", COUNTY)
    job_url = client.post(f"{upload(client, [registered(1)]).url}take-in/").url
    job = Job.objects.get()
    Job.objects.update(state=Job.State.RUNNING)
    progress.to_file(job.pk)(100, 100, "写入户籍人口名单")
    part = text(client.get(job_url, headers={"HX-Request": "true"}))
    assert "写入户籍人口名单" in part
    assert "<html" not in part
    assert client_as("county", COUNTY).get(job_url).status_code == 404


def test_the_worker_takes_in_no_more_than_the_clerk_may(client_as: ClientAs, take: Post) -> None:
    """The job runs later and as the program; the limits of who uploaded go with the files."""
    take(client_as("clerk", COUNTY, "disabled"), [disabled(1)], [registered(2)])
    states = dict(ReceivedList.objects.order_by("pk").values_list("kind", "state"))
    assert states == {"disability": "taken_in", "household": "refused"}
    assert not Person.objects.filter(id_index=number_indexes([number(2)])[0]).exists()
