"""The linking desk in a real browser, at a desk and on a phone, by mouse and by keys."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.test_from_list_to_elder import Walk, browser, walk  # noqa: F401  fixtures
from tests.web.desks.factories import COUNTY
from tests.web.desks.linking_desk.conftest import (  # noqa: F401  fixtures
    Doubts,
    _fixed_day_places_and_own_folder,
    doubts,
)
from yanglao.domain.linkage.models import WaitingRow
from yanglao.domain.people.models import SurveyEntry

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [1280, 360])
def test_a_clerk_decides_by_keys(
    doubts: Doubts,  # noqa: F811
    walk: Callable[[int], Walk],  # noqa: F811
    account_for: Callable[..., Any],
    tmp_path: Path,
    width: int,
) -> None:
    """Every page of the desk passes axe-core and the width; 2 goes on, 1 decides, undo undoes."""
    clerk = walk(width)
    page = clerk.page
    clerk.sign_in(account_for("county", COUNTY).username)
    for path, title in (
        ("linking/pairs/", "疑似重复档案"),
        (f"linking/pairs/{doubts.pair.pk}/", "买买提"),
        ("linking/conflicts/", "部门说法矛盾"),
        (f"linking/conflicts/{doubts.conflict.pk}/", "买买提"),
        ("linking/quality/", "名单质量"),
        ("linking/", "对人核实"),
    ):
        page.goto(f"{clerk.base}/{path}")
        clerk.look(title)
        page.screenshot(
            path=str(tmp_path / f"{width}-{path.replace('/', '-')}.png"), full_page=True
        )
    page.get_by_role("link", name="从第一行开始").click()
    clerk.look("买买提")
    page.screenshot(path=str(tmp_path / f"{width}-row.png"), full_page=True)
    page.keyboard.press("2")
    expect(page).to_have_url(f"{clerk.base}/linking/rows/{doubts.row.pk}/?c=1")
    clerk.look("买买提")
    page.keyboard.press("1")
    expect(page.locator("body")).to_contain_text("已确认")
    second = doubts.row.candidates.get(rank=1).person_id
    assert SurveyEntry.objects.get().person_id == second
    page.goto(f"{clerk.base}/linking/rows/{doubts.row.pk}/")
    clerk.press("撤回，重新确认")
    expect(page.locator("body")).to_contain_text("重新等待确认")
    assert WaitingRow.objects.get(pk=doubts.row.pk).state == "waiting"
