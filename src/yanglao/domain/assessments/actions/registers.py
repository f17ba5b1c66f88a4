"""The registers: bodies, assessors, and who delivers services to whom."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Role, accounts_in_area
from yanglao.domain.assessments.models import Assessor, Body, ServiceTie
from yanglao.domain.assessments.types import Background, WrongMove
from yanglao.domain.people.public import get_person
from yanglao.foundation import audit
from yanglao.foundation.scoping import Reader, within_area
from yanglao.kernel.whole_words import whole


@transaction.atomic
def keep_body(
    *,
    name: str,
    place_code: str,
    assesses: bool,
    delivers: bool,
    acting: Reader,
    credit_code: str = "",
) -> Body:
    """Enter an organisation, or what it does now; the same name at a place is the same one.

    Raises:
        PermissionError: When the role may not, or the place lies outside the area.
        WrongMove: Without a name, or when it does neither.
    """
    _may(acting, place_code)
    if not name.strip() or not (assesses or delivers):
        raise WrongMove(_("请写机构名称，并选择它做评估还是提供服务。"))
    body, created = Body.objects.update_or_create(
        name=whole(name, 80, WrongMove),
        place_code=place_code,
        defaults={
            "assesses": assesses,
            "delivers": delivers,
            "credit_code": whole(credit_code, 18, WrongMove),
            "active": True,
        },
    )
    action = "assessment_body_entered" if created else "assessment_body_changed"
    audit.record(acting, action, subject="body", subject_id=body.pk, place_code=place_code)
    return body


@transaction.atomic
def keep_assessor(
    *,
    name: str,
    body_id: int,
    background: str,
    place_code: str,
    acting: Reader,
    account_id: int | None = None,
    employer_id: int | None = None,
    person_id: int | None = None,
    trained_on: date | None = None,
    certificate: str = "",
    phone: str = "",
    assessor_id: int | None = None,
) -> Assessor:
    """Enter an assessor, or change one.

    Args:
        account_id: The account he signs in with; of the role 评估员, not somebody else's.
        person_id: His own file, for the rule about families.
        assessor_id: Whom to change; a new one when not given.

    Raises:
        PermissionError: When the role may not, or the place lies outside the area.
        WrongMove: With what is wrong.
        Assessor.DoesNotExist, Body.DoesNotExist: When one is not in the area.
    """
    _may(acting, place_code)
    if not name.strip() or background not in Background.values:
        raise WrongMove(_("请写评估员姓名，选择专业背景。"))
    body = within_area(Body.objects.all(), acting).get(pk=body_id)
    if not body.assesses:
        raise WrongMove(_("%s不是评估机构。") % body.name)
    _refuse_account(account_id, assessor_id, acting)
    found = Assessor(place_code=place_code)
    if assessor_id is not None:
        found = within_area(Assessor.objects.select_for_update(of=("self",)), acting).get(
            pk=assessor_id
        )
    found.name, found.body, found.background = whole(name, 40, WrongMove), body, background
    found.place_code, found.account_id = place_code, account_id
    found.employer_id, found.person_id, found.trained_on = employer_id, person_id, trained_on
    found.certificate, found.phone = whole(certificate, 40, WrongMove), whole(phone, 20, WrongMove)
    found.active = True
    found.save()
    audit.record(
        acting,
        "assessor_kept",
        subject="assessor",
        subject_id=found.pk,
        place_code=place_code,
        detail={"new": assessor_id is None},
    )
    return found


@transaction.atomic
def close_assessor(*, assessor_id: int, acting: Reader, reason: str) -> Assessor:
    """Let an assessor take part no longer; what he assessed stays. Raises as above."""
    rows = within_area(Assessor.objects.select_for_update(of=("self",)), acting)
    found: Assessor = rows.get(pk=assessor_id)
    _may(acting, found.place_code)
    if found.active:
        found.active = False
        found.save(update_fields=["active"])
        audit.record(
            acting,
            "assessor_closed",
            subject="assessor",
            subject_id=found.pk,
            place_code=found.place_code,
            reason=whole(reason, 200, WrongMove),
        )
    return found


@transaction.atomic
def keep_tie(*, person_id: int, body_id: int, since: date, acting: Reader) -> ServiceTie:
    """Note that a body delivers services to a person; the same twice is once.

    Raises:
        PermissionError: When the role may not.
        Person.DoesNotExist, Body.DoesNotExist: When one is not in the area.
        WrongMove: When the body delivers nothing.
    """
    person = get_person(acting, person_id)
    _may(acting, person.place_code)
    body = Body.objects.get(pk=body_id)
    if not body.delivers:
        raise WrongMove(_("%s不提供服务。") % body.name)
    tie, created = ServiceTie.objects.get_or_create(
        person=person, body=body, since=since, defaults={"place_code": person.place_code}
    )
    if created:
        audit.record(
            acting,
            "service_tie_kept",
            subject="person",
            subject_id=person.pk,
            place_code=person.place_code,
            detail={"body": body.pk},
        )
    return tie


def _may(acting: Reader, place_code: str) -> None:
    if not acting.can("manage_assessments") or not acting.covers(place_code):
        raise PermissionError("没有登记评估机构和评估员的权限。")


def _refuse_account(account_id: int | None, assessor_id: int | None, acting: Reader) -> None:
    if account_id is None:
        return
    account = accounts_in_area(acting).filter(pk=account_id).first()
    if account is None or account.role != Role.ASSESSOR:
        raise WrongMove(_("这个账号不在辖区内，或者不是评估员账号。"))
    others = Assessor.objects.filter(account_id=account_id).exclude(pk=assessor_id or 0)
    if others.exists():
        raise WrongMove(_("这个账号已经属于另一名评估员。"))
