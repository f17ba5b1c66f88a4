"""What the payment month is given: exactly the columns that the engine asks for."""

from datetime import date

import pytest

from tests.flows import population as p
from yanglao.domain.benefits.models import Approval, Case, FollowRun, PayAccount, Spell
from yanglao.domain.benefits.public import load_payment_inputs
from yanglao.domain.catalogue.public import items
from yanglao.engines.payments.tables import SHAPES
from yanglao.foundation import clock
from yanglao.foundation.analytics import analytic_session

DAY = date(2026, 3, 1)


@pytest.fixture
def _paid(db: None) -> None:
    version = p.publish()
    person = p.elder(1, born=date(1940, 3, 1))
    item = items("hetian").get(code="16a")
    case = Case.objects.create(
        person=person,
        item=item,
        benefit="disability_living",
        place_code=person.place_code,
        way="applied",
        applicant="self",
        state="approved",
        state_on=DAY,
        applied_on=DAY,
        judged_on=DAY,
        version=version,
        status="yes",
        opened_by="甲",
    )
    Approval.objects.create(
        case=case,
        person=person,
        benefit=case.benefit,
        applied_on=DAY,
        approved_on=DAY,
        approved_by="乙",
    )
    run = FollowRun.objects.create(
        at=clock.now(), as_of=DAY, region_code=p.REGION, people=1, asked_by="系统"
    )
    Spell.objects.create(
        person=person,
        benefit=case.benefit,
        version="v1",
        first=DAY,
        known=True,
        fen=11000,
        place_code=person.place_code,
        since=run,
    )
    PayAccount.objects.create(
        person=person,
        place_code=person.place_code,
        kind="card",
        number="6222020000000000001",
        holder=person.name,
        first=DAY,
        state="confirmed",
        entered_at=clock.now(),
        entered_by="甲",
    )


@pytest.mark.usefixtures("_paid")
def test_tables_have_the_columns_that_the_engine_asks_for() -> None:
    """Each table has every column of its shape, and one row here."""
    with analytic_session() as session:
        load_payment_inputs(session, region=p.REGION)
        for name in ("answers", "approvals", "people", "accounts"):
            described = session.rows(f"DESCRIBE in_{name}")
            assert [row[0] for row in described] == list(SHAPES[name])
            assert session.rows(f"SELECT count(*) FROM in_{name}") == [(1,)]
        assert session.rows("SELECT count(*) FROM in_suspensions") == [(0,)]
        (token,) = session.rows("SELECT token FROM in_accounts")[0]
        assert len(token) == 32
        assert "6222" not in token


@pytest.mark.usefixtures("_paid")
def test_another_county_is_given_nothing() -> None:
    """Whose case lies elsewhere is not in the payment month of this place."""
    with analytic_session() as session:
        load_payment_inputs(session, region="653221000000")
        for name in ("answers", "approvals", "suspensions", "people", "accounts"):
            assert session.rows(f"SELECT count(*) FROM in_{name}") == [(0,)]
