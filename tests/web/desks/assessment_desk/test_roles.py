"""Who may open what: every address of the desk, for every role; and how far he sees."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests.flows import assessing as a
from tests.web.desks.assessment_desk.conftest import Assessed, read_whole
from tests.web.desks.factories import COUNTY, OTHER_COUNTY, TOWN, VILLAGE, text_of
from yanglao.domain.accounts.public import ROLE_PERMISSIONS, Role
from yanglao.web.desks.assessment_desk.urls import urlpatterns
from yanglao.web.kit.screens import screen_info

_AREAS = {
    Role.PREFECTURE: "653200000000",
    Role.COUNTY: COUNTY,
    Role.TOWN: TOWN,
    Role.VILLAGE: VILLAGE,
    Role.CLERK: COUNTY,
    Role.ASSESSOR: COUNTY,
    Role.SYSTEM_ADMIN: "653200000000",
    Role.SECURITY_ADMIN: "653200000000",
    Role.AUDIT_ADMIN: "653200000000",
}


def _addresses(assessed: Assessed) -> dict[str, str]:
    known = {
        "sheet_id": assessed.sheet.pk,
        "photo_id": "none",
        "person_pk": assessed.world.old.pk,
    }
    numbers = {
        "objection": assessed.result.pk,
        "person": assessed.world.old.pk,
        "assessor": assessed.team.nurse.pk,
        "assessor-close": assessed.team.nurse.pk,
        "report": assessed.result.assessment_id,
        "report-word": assessed.result.assessment_id,
    }
    found = {}
    for pattern in urlpatterns:
        name = str(pattern.name)
        wanted = pattern.pattern.converters
        values = {
            key: known.get(key, numbers.get(name, assessed.sheet.assessment_id)) for key in wanted
        }
        found[name] = reverse(f"assessment_desk:{name}", kwargs=values)
    return found


def _status(client: Client, address: str) -> int:
    """Ask, and read a file to its end, so that nothing stays open."""
    answer = client.get(address)
    read_whole(answer)
    return answer.status_code


@pytest.mark.parametrize("role", list(Role))
def test_every_address_asks_for_its_permission(
    role: Role, assessed: Assessed, client_as: Callable[..., Client]
) -> None:
    """A role with the permission is not refused; one without it always is."""
    client = client_as(role, _AREAS[role])
    infos = {str(one.name): screen_info(one.callback) for one in urlpatterns}
    for name, address in _addresses(assessed).items():
        info = infos[name]
        assert info is not None
        allowed = info.permission in {str(one) for one in ROLE_PERMISSIONS[role]}
        status = _status(client, address)
        if allowed:
            # 403 may still come from an act that needs more than its screen (refuse, stop).
            assert status in {200, 302, 404} or name in {"refuse", "stop"}, (name, status)
        else:
            assert status == 403, (name, status)


def test_another_county_sees_nothing_of_it(
    assessed: Assessed, client_as: Callable[..., Client]
) -> None:
    """Neither on the list nor by address; and the other way round."""
    other = client_as(Role.COUNTY, OTHER_COUNTY)
    board = text_of(other.get(reverse("assessment_desk:board")))
    assert assessed.world.far.name in board
    assert assessed.world.old.name not in board
    for name, number in (
        ("case", assessed.sheet.assessment_id),
        ("sheet", assessed.sheet.assessment_id),
        ("report", assessed.result.assessment_id),
        ("objection", assessed.result.pk),
        ("person", assessed.world.old.pk),
        ("assessor", assessed.team.nurse.pk),
    ):
        assert other.get(reverse(f"assessment_desk:{name}", args=[number])).status_code == 404
    own = client_as(Role.COUNTY, COUNTY)
    assert assessed.world.far.name not in text_of(own.get(reverse("assessment_desk:board")))
    assert own.get(reverse("assessment_desk:case", args=[assessed.far.pk])).status_code == 404


def test_what_is_posted_from_another_county_changes_nothing(
    assessed: Assessed, client_as: Callable[..., Client]
) -> None:
    """Writes are scoped like reads."""
    other = client_as(Role.COUNTY, OTHER_COUNTY)
    before = assessed.sheet.assessment.state
    for name in ("accept", "refuse", "withdraw", "stop", "plan-one", "unplan", "conclude"):
        address = reverse(f"assessment_desk:{name}", args=[assessed.sheet.assessment_id])
        assert other.post(address, {"reason": "不该"}).status_code == 404
    address = reverse("assessment_desk:bulk")
    other.post(address, {"chosen": [assessed.sheet.assessment_id], "action": "accept"})
    assessed.sheet.assessment.refresh_from_db()
    assert assessed.sheet.assessment.state == before


def test_an_assessor_sees_his_own_sheets_only(assessed: Assessed) -> None:
    """Not those of his colleagues, and no file."""
    mine, others = Client(), Client()
    mine.force_login(assessed.team.nurse_account)
    _body, account = a.assessor("别的评估员", assessed.team.body, "nursing")
    others.force_login(account)
    address = reverse("assessment_desk:entry", args=[assessed.sheet.pk])
    assert assessed.world.old.name in text_of(mine.get(reverse("assessment_desk:mine")))
    assert mine.get(address).status_code == 200
    assert assessed.world.old.name not in text_of(others.get(reverse("assessment_desk:mine")))
    assert others.get(address).status_code == 404
    assert others.post(address, {"b1_1": "4", "shown.b1_1": ""}).status_code == 404
    board = reverse("assessment_desk:person", args=[assessed.world.old.pk])
    assert mine.get(board).status_code == 403
