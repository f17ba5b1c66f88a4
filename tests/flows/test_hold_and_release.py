"""A rule that suddenly matches far more than last time opens no leads until a person says so."""

from datetime import date

import pytest

from tests.flows import population as p
from yanglao.domain.entitlements.models import RunItem
from yanglao.domain.entitlements.public import HoldLimits, held_items
from yanglao.domain.leads.models import Lead
from yanglao.flows import find_entitled as flow
from yanglao.flows import open_pack
from yanglao.foundation.models import AuditEntry
from yanglao.foundation.scoping import system_reader

pytestmark = pytest.mark.django_db

READER = system_reader(p.REGION, name="测试")


@pytest.fixture(autouse=True)
def _listed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at results from five people on: a hundred would only make the test slow."""
    p.publish()
    p.cover()
    monkeypatch.setattr(open_pack, "HoldLimits", lambda *_told: HoldLimits(0.95, 2.0, 5))


def match() -> flow.RunSummary:
    return flow.find_entitled(region=p.REGION, as_of=p.AS_OF, acting=READER)


def leads_of(code: str) -> int:
    return Lead.objects.filter(item__code=code).count()


def test_held_until_released() -> None:
    people = [p.elder(n, date(1950, 1, n), survey={}) for n in range(1, 21)]
    p.state(people[0], "assistance")
    assert not match().held
    assert leads_of("07") == 1
    for person in people[1:15]:
        p.state(person, "assistance")
    summary = match()
    assert any(line.startswith("07 ") for line in summary.held)
    assert leads_of("07") == 1
    # Another run does not let it slip through.
    assert any(line.startswith("07 ") for line in match().held)
    assert leads_of("07") == 1
    row = held_items(READER).get(item__code="07")
    released = flow.release_item(run_item_id=row.pk, acting=READER, reason="已核对")
    assert released.leads_opened == 14
    assert leads_of("07") == 15
    assert not held_items(READER).filter(item__code="07").exists()
    assert AuditEntry.objects.filter(action="held_item_released").count() == 1
    # What was released is what the next run is compared with.
    assert not any(line.startswith("07 ") for line in match().held)
    assert leads_of("07") == 15


def test_released_once_only() -> None:
    for number in range(1, 11):
        p.elder(number, date(1940, 1, number), survey={})
    match()
    row = held_items(READER).get(item__code="06")
    flow.release_item(run_item_id=row.pk, acting=READER)
    with pytest.raises(ValueError, match="没有待放行"):
        flow.release_item(run_item_id=row.pk, acting=READER)


def test_a_result_back_to_normal_is_no_longer_held() -> None:
    people = [p.elder(n, date(1950, 1, n), survey={}) for n in range(1, 21)]
    p.state(people[0], "assistance")
    match()
    for person in people[1:15]:
        p.state(person, "assistance")
    assert match().held
    for person in people[1:15]:
        p.forget(person, "assistance")
    assert not any(line.startswith("07 ") for line in match().held)
    newest = RunItem.objects.filter(item__code="07").order_by("-run_id").first()
    assert newest is not None
    assert not newest.held
