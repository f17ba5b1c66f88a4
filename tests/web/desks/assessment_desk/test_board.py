"""The desk at work: lists, one case, the table form, the report, notices, disputes."""

from collections.abc import Callable
from io import BytesIO

from django.test import Client
from django.urls import reverse
from docx import Document

from tests.flows import assessing as a
from tests.flows import population as p
from tests.web.desks.assessment_desk.conftest import Assessed, read_whole
from tests.web.desks.factories import COUNTY, World, page_of, text_of
from yanglao.domain.accounts.public import Role
from yanglao.domain.assessments.models import (
    Assessment,
    Dispute,
    Recognition,
    Result,
    SheetEdit,
    SheetField,
)
from yanglao.foundation.models import AuditEntry


def test_queries_of_the_lists_do_not_grow(
    world: World,
    client_as: Callable[..., Client],
    same_number_of_queries: Callable[..., int],
) -> None:
    """Board, plan, notices, mine: the same number with three people and with twelve."""
    team = a.team()
    county = client_as(Role.COUNTY, COUNTY)
    nurse = Client()
    nurse.force_login(team.nurse_account)

    def more(start: int, number: int) -> None:
        for each in range(start, start + number):
            a.planned(p.elder(each), team.pair)
            a.accepted(p.elder(each + 50))

    def ask(client: Client, name: str) -> Callable[[], None]:
        return lambda: text_of(client.get(reverse(f"assessment_desk:{name}"))) and None

    more(200, 2)
    few = {name: _counted(ask(county, name)) for name in ("board", "plan")}
    few["mine"] = _counted(ask(nurse, "mine"))
    more(300, 8)
    many = {name: _counted(ask(county, name)) for name in ("board", "plan")}
    many["mine"] = _counted(ask(nurse, "mine"))
    assert few == many


def _counted(call: Callable[[], None]) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from yanglao.foundation.remembered import forget_remembered

    forget_remembered()
    with CaptureQueriesContext(connection) as queries:
        call()
    return len(queries)


def test_export_holds_what_the_page_shows(
    assessed: Assessed, client_as: Callable[..., Client]
) -> None:
    """The same area, on record."""
    county = client_as(Role.COUNTY, COUNTY)
    answer = county.get(reverse("assessment_desk:export"))
    assert answer.status_code == 200
    read_whole(answer)
    assert AuditEntry.objects.filter(action="list_exported").exists()


def test_from_a_lead_to_an_application(world: World, client_as: Callable[..., Client]) -> None:
    """Leads that miss a level are offered, asked for at once, and not twice."""
    county = client_as(Role.COUNTY, COUNTY)
    page = page_of(county.get(reverse("assessment_desk:from-leads")))
    chosen = [box["value"] for box in page.select("input[name=chosen]")]
    assert chosen
    address = reverse("assessment_desk:from-leads")
    assert county.post(address, {"chosen": chosen}).status_code == 302
    number = Assessment.objects.count()
    assert number == len(chosen)
    county.post(address, {"chosen": chosen})
    assert Assessment.objects.count() == number
    lead = Assessment.objects.order_by("id").first()
    assert lead is not None
    assert lead.asked_by == "lead"
    assert lead.lead_id is not None
    shown = page_of(county.get(reverse("leads_desk:lead", args=[lead.lead_id])))
    assert shown.select_one("button[name=lead]") is not None


def test_apply_accept_plan_on_the_pages(world: World, client_as: Callable[..., Client]) -> None:
    """A village asks, the county accepts, proposes and plans."""
    team = a.team()
    village = client_as(Role.VILLAGE, world.old.place_code)
    address = reverse("assessment_desk:apply", args=[world.old.pk])
    refused = village.post(address, {"asked_by": "family"})
    assert "家属申请要写姓名" in text_of(refused, 422)
    village.post(address, {"asked_by": "self", "wish": "走路不稳"})
    one = Assessment.objects.get()
    assert "已经有一次" in text_of(village.post(address, {"asked_by": "self"}), 422)
    county = client_as(Role.COUNTY, COUNTY)
    county.post(reverse("assessment_desk:bulk"), {"chosen": [one.pk], "action": "accept"})
    page = page_of(county.get(reverse("assessment_desk:plan")))
    sent = {
        "chosen": [box["value"] for box in page.select("input[name=chosen]")],
        "shown": [box["value"] for box in page.select("input[name=shown]")],
    }
    county.post(reverse("assessment_desk:plan"), sent)
    one.refresh_from_db()
    assert one.state == "planned"
    assert set(one.assignments.values_list("assessor_id", flat=True)) == set(team.pair)
    case = text_of(county.get(reverse("assessment_desk:case", args=[one.pk])))
    assert "走路不稳" in case
    # Who proposes must not be overtaken: another plan than the page showed is not accepted.
    county.post(reverse("assessment_desk:unplan", args=[one.pk]))
    county.post(reverse("assessment_desk:plan"), {**sent, "shown": ["1/2026-01-01/1.2"]})
    one.refresh_from_db()
    assert one.state == "accepted"


def test_the_table_form_saves_what_changed(assessed: Assessed) -> None:
    """Only changed answers become edits; an impossible one is refused with its name."""
    nurse, social = Client(), Client()
    nurse.force_login(assessed.team.nurse_account)
    social.force_login(assessed.team.social_account)
    address = reverse("assessment_desk:entry", args=[assessed.sheet.pk])
    page = page_of(nurse.get(address))
    assert len(page.select("fieldset.k-score")) == 26
    nurse.post(
        address,
        {
            "b1_1": "4",
            "shown.b1_1": "",
            "b1_2": "9",
            "shown.b1_2": "",
            "a5_wounds": ["abrasion", "foot"],
            "shown.a5_wounds": "",
            "a2_height": "abc",
            "shown.a2_height": "",
        },
    )
    told = text_of(nurse.get(address))
    assert "只能选" in told or "应是数字" in told
    heads = SheetField.objects.filter(sheet=assessed.sheet)
    assert set(heads.values_list("field", flat=True)) == {"b1_1", "a5_wounds"}
    # The same again changes nothing.
    nurse.post(address, {"b1_1": "4", "was.b1_1": "4", "shown.b1_1": "1"})
    assert SheetEdit.objects.filter(sheet=assessed.sheet).count() == 2
    # The other assessor had an old page open.
    social.post(address, {"b1_1": "2", "shown.b1_1": "0"})
    page = page_of(social.get(address))
    buttons = page.select("button[name=keep]")
    assert len(buttons) == 2
    social.post(
        reverse("assessment_desk:settle", args=[assessed.sheet.pk]),
        {"field": "b1_1", "keep": buttons[0]["value"]},
    )
    assert not SheetField.objects.filter(in_conflict=True).exists()
    nurse.post(reverse("assessment_desk:finish", args=[assessed.sheet.pk]))
    assert "还没有签字" in text_of(nurse.get(address))


def test_sheet_and_report_are_on_record_and_whole(
    assessed: Assessed, client_as: Callable[..., Client]
) -> None:
    """The sums, the reasons, the signers; the Word document has them too."""
    county = client_as(Role.COUNTY, COUNTY)
    number = assessed.result.assessment_id
    sheet = text_of(county.get(reverse("assessment_desk:sheet", args=[number])))
    assert "B.1.1 进食" in sheet
    assert "修改记录" in sheet
    entries = AuditEntry.objects.filter(action="assessment_sheet_opened")
    assert entries.count() == 1
    report = text_of(county.get(reverse("assessment_desk:report", args=[number])))
    assert "C.5 最终等级" in report
    assert "测试评估中心护士" in report
    answer = county.get(reverse("assessment_desk:report-word", args=[number]))
    words = Document(BytesIO(read_whole(answer)))
    cells = {cell.text for table in words.tables for row in table.rows for cell in row.cells}
    assert str(assessed.result.total) in cells
    assert "C.5 最终等级" in cells


def test_notice_masks_names_and_objections_stop_it(
    assessed: Assessed, client_as: Callable[..., Client]
) -> None:
    """The list to put up has no whole name; an objection leads to a review or an answer."""
    county = client_as(Role.COUNTY, COUNTY)
    notices = text_of(county.get(reverse("assessment_desk:notices")))
    assert assessed.world.poor.name not in notices
    address = reverse("assessment_desk:objection", args=[assessed.result.pk])
    county.post(address, {"objector": "家属", "words": "比实际轻"})
    dispute = Dispute.objects.get()
    shown = text_of(county.get(reverse("assessment_desk:dispute", args=[dispute.pk])))
    assert "比实际轻" in shown
    county.post(reverse("assessment_desk:review", args=[dispute.pk]))
    dispute.refresh_from_db()
    assert dispute.state == "reviewing"
    assert Assessment.objects.filter(
        kind="review", before_id=assessed.result.assessment_id
    ).exists()


def test_a_result_made_elsewhere_holds_here_with_its_source(
    assessed: Assessed, client_as: Callable[..., Client]
) -> None:
    """Accepted: it is the person's level, with whence; refused: the reason is kept."""
    county = client_as(Role.COUNTY, COUNTY)
    person = assessed.world.plain
    address = reverse("assessment_desk:bring", args=[person.pk])
    wrong = county.post(
        address,
        {"standard": "gbt42195", "said": "7", "agency": "", "assessed_on": "2026-12-01"},
    )
    assert wrong.status_code == 422
    sent = {
        "standard": "gbt42195",
        "said": "3",
        "agency": "外地评估中心",
        "assessed_on": "2026-10-20",
        "document": "A-1",
    }
    county.post(address, sent)
    brought = Recognition.objects.get()
    county.post(reverse("assessment_desk:recognise", args=[brought.pk]), {"reason": "电话核对过"})
    result = Result.objects.get(recognition=brought)
    assert (result.level, result.state) == (3, "final")
    page = text_of(county.get(reverse("assessment_desk:person", args=[person.pk])))
    assert "3 级" in page
    assert "采信：外地评估中心" in page
    county.post(address, {**sent, "assessed_on": "2024-10-20"})
    old = Recognition.objects.get(state="waiting")
    county.post(reverse("assessment_desk:recognise", args=[old.pk]), {"reason": "核对过"})
    old.refresh_from_db()
    assert old.state == "waiting"
    county.post(
        reverse("assessment_desk:refuse-recognition", args=[old.pk]), {"reason": "过了有效期"}
    )
    old.refresh_from_db()
    assert (old.state, old.reason) == ("refused", "过了有效期")


def test_an_inference_says_that_it_is_none(world: World, client_as: Callable[..., Client]) -> None:
    """Only where no assessment holds, and never as a level."""
    from tests.flows.population import state

    state(world.old, "disability", disability_category=4, disability_grade=1)
    county = client_as(Role.COUNTY, COUNTY)
    page = text_of(county.get(reverse("assessment_desk:person", args=[world.old.pk])))
    assert "推定，不是评估结果" in page
    state(world.old, "assessment", ability_level=2)
    page = text_of(county.get(reverse("assessment_desk:person", args=[world.old.pk])))
    assert "推定" not in page
    assert "2 级" in page


def test_quality_page_drills_down(assessed: Assessed, client_as: Callable[..., Client]) -> None:
    """The chart's numbers lead to the sheets of a pair."""
    county = client_as(Role.COUNTY, COUNTY)
    pair = "-".join(sorted(str(number) for number in assessed.team.pair))
    page = text_of(county.get(reverse("assessment_desk:quality") + f"?pair={pair}"))
    assert f"第 {assessed.result.assessment_id} 号" in page
