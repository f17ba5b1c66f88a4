"""Taking and answering requests, keeping consents, placing and lifting holds."""

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from yanglao.domain.people.public import Person, get_person
from yanglao.domain.rights.models import Consent, ConsentText, LegalHold, RightsRequest
from yanglao.domain.rights.queries import hold_words, holds_of
from yanglao.domain.rights.types import (
    Asker,
    Channel,
    HoldGround,
    RequestKind,
    RequestState,
    working_days_after,
)
from yanglao.foundation import audit, clock
from yanglao.foundation.scoping import Reader
from yanglao.foundation.secrets import sm3_hex
from yanglao.kernel.whole_words import at_field, whole

_LONGEST_TEXT = 20_000


@transaction.atomic
def publish_text(*, code: str, title: str, body: str, acting: Reader) -> ConsentText:
    """Publish a text that people consent to; the same text again gives the version there is.

    Raises:
        django.core.exceptions.ValidationError: By field, when it cannot be kept.
    """
    whole(title, 80, at_field("title", ValidationError))
    # Only looked at: by the digest of exactly these words a version is known again.
    whole(body, _LONGEST_TEXT, at_field("body", ValidationError))
    digest = sm3_hex(f"{title}\n{body}".encode())
    last = ConsentText.objects.select_for_update().filter(code=code).order_by("-version").first()
    if last is not None and last.digest == digest:
        return last
    text = ConsentText.objects.create(
        code=code,
        version=last.version + 1 if last else 1,
        title=title,
        body=body,
        digest=digest,
        made_at=clock.now(),
        made_by=acting.name[:80],
    )
    audit.record(
        acting,
        "consent_text_published",
        subject="consent_text",
        subject_id=text.pk,
        detail={"code": code, "version": text.version, "sm3": digest},
    )
    return text


@transaction.atomic
def give_consent(
    *,
    person_id: int,
    text_id: int,
    given_by: Asker,
    channel: Channel,
    as_of: date,
    acting: Reader,
    note: str = "",
) -> Consent:
    """Record that a person consents to a version of a text; twice is once.

    Raises:
        Person.DoesNotExist: If there is none in the acting person's area.
        PermissionError: If the role does not keep rights.
    """
    person = _person(acting, person_id)
    text = ConsentText.objects.get(pk=text_id)
    standing = Consent.objects.filter(person=person, text=text, withdrawn_on=None).first()
    if standing is not None:
        return standing
    consent = Consent.objects.create(  # type: ignore[misc]  # ``note`` lies in the envelope
        person=person,
        text=text,
        given_on=as_of,
        given_by=given_by,
        channel=channel,
        note=whole(note, 200, at_field("note", ValidationError)),
        recorded_by=acting.name[:80],
    )
    _write_down(
        acting,
        "consent_given",
        person,
        detail={"text": text.code, "version": text.version, "channel": channel.value},
    )
    return consent


@transaction.atomic
def withdraw_consent(*, consent_id: int, channel: Channel, as_of: date, acting: Reader) -> Consent:
    """Record that a person takes a consent back; as easy as giving it (art. 15).

    Raises:
        Consent.DoesNotExist: If there is none in the acting person's area, or it is taken back.
        PermissionError: If the role does not keep rights.
    """
    consent = Consent.objects.select_for_update().get(pk=consent_id, withdrawn_on=None)
    try:
        person = _person(acting, consent.person_id)
    except Person.DoesNotExist as missing:
        raise Consent.DoesNotExist from missing
    consent.withdrawn_on = as_of
    consent.withdrawn_channel = channel
    consent.withdrawn_by = acting.name[:80]
    consent.save(update_fields=["withdrawn_on", "withdrawn_channel", "withdrawn_by"])
    _write_down(
        acting,
        "consent_withdrawn",
        person,
        detail={"text": consent.text.code, "version": consent.text.version},
    )
    return consent


@transaction.atomic
def take_request(
    *,
    person_id: int,
    kind: RequestKind,
    asker: Asker,
    identity_seen: str,
    wish: str,
    as_of: date,
    answer_days: int,
    acting: Reader,
) -> RightsRequest:
    """Take a person's request; the clock for the answer begins.

    Args:
        person_id: About whom.
        kind: What is asked for.
        asker: Who asks.
        identity_seen: By what he proved who he is.
        wish: In his words.
        as_of: Today.
        answer_days: Working days within which an answer is due.
        acting: Who takes it.

    Raises:
        Person.DoesNotExist: If there is none in the acting person's area.
        PermissionError: If the role does not keep rights.
        django.core.exceptions.ValidationError: By field, in Chinese.
    """
    person = _person(acting, person_id)
    wrong = {}
    if not identity_seen.strip():
        wrong["identity_seen"] = "请写明看了什么证件。"
    if not wish.strip():
        wrong["wish"] = "请写明要求什么。"
    if asker == Asker.RELATIVE and person.died_on is None:
        wrong["asker"] = "老人健在，近亲属要有委托才能代办。"
    if wrong:
        raise ValidationError(wrong)
    request = RightsRequest.objects.create(  # type: ignore[misc]  # words in the envelope
        person=person,
        place_code=person.place_code,
        kind=kind,
        asker=asker,
        identity_seen=whole(identity_seen, 80, at_field("identity_seen", ValidationError)),
        wish=whole(wish, 400, at_field("wish", ValidationError)),
        asked_on=as_of,
        due_on=working_days_after(as_of, answer_days),
        taken_by=acting.name[:80],
    )
    _write_down(
        acting,
        "rights_request_taken",
        person,
        detail={"request": request.pk, "kind": kind.value, "due": request.due_on},
    )
    return request


@transaction.atomic
def answer_request(
    *,
    request_id: int,
    state: RequestState,
    answer: str,
    as_of: date,
    acting: Reader,
    effect: Sequence[str] = (),
) -> RightsRequest:
    """Answer a request: what was done, or why not.

    A deletion cannot be done in full while a legal hold stands: what is kept, and why, is added to
    the effect.

    Raises:
        RightsRequest.DoesNotExist: If there is none in the acting person's area.
        PermissionError: If the role may not decide, or it is answered already.
        django.core.exceptions.ValidationError: Without words; a whole deletion under a hold.
    """
    request = RightsRequest.objects.select_for_update().get(pk=request_id)
    if not acting.covers(request.place_code):
        raise RightsRequest.DoesNotExist
    needed = "decide_rights" if request.kind in _DECIDED else "keep_rights"
    if not acting.can(needed):
        raise PermissionError("更正和删除要由县市以上办理。")
    if request.state != RequestState.OPEN:
        raise PermissionError("这个申请已经答复过了。")
    if state == RequestState.OPEN or not answer.strip():
        raise ValidationError({"answer": "请写明办了什么，或者为什么不能办。"})
    kept = []
    if request.kind == RequestKind.DELETE:
        kept = [hold_words(hold) for hold in holds_of(request.person_id, as_of)]
        if kept and state == RequestState.DONE:
            raise ValidationError(
                {"state": "有依法必须保留的内容，不能写“已办理”；请选“部分办理”或“没有同意”。"}
            )
    request.state = state
    request.decided_on = as_of
    request.decided_by = acting.name[:80]
    request.answer = whole(answer, 400, at_field("answer", ValidationError))
    request.effect = [*effect, *kept]
    request.save(update_fields=["state", "decided_on", "decided_by", "sealed"])
    audit.record(
        acting,
        "rights_request_answered",
        subject="person",
        subject_id=request.person_id,
        place_code=request.place_code,
        # The words themselves lie in the request's envelope; the record says which request.
        detail={
            "request": request.pk,
            "kind": request.kind,
            "state": state.value,
            "in_time": as_of <= request.due_on,
        },
    )
    return request


#: What changes data: decided a level higher than at the counter.
_DECIDED = frozenset({RequestKind.CORRECT, RequestKind.DELETE})


@transaction.atomic
def place_hold(
    *,
    person_id: int,
    ground: HoldGround,
    basis: str,
    starts_on: date,
    ends_on: date | None,
    acting: Reader,
) -> LegalHold:
    """Keep a person's data for a reason of law.

    Raises:
        Person.DoesNotExist: If there is none in the acting person's area.
        PermissionError: If the role does not decide about rights.
        django.core.exceptions.ValidationError: By field, in Chinese.
    """
    if not acting.can("decide_rights"):
        raise PermissionError("没有登记依法保留的权限。")
    person = get_person(acting, person_id)
    wrong = {}
    if not basis.strip():
        wrong["basis"] = "请写明依据的文件、条款或案号。"
    if ends_on is not None and ends_on < starts_on:
        wrong["ends_on"] = "结束日期不能早于开始日期。"
    if wrong:
        raise ValidationError(wrong)
    hold = LegalHold.objects.create(  # type: ignore[misc]  # ``basis`` lies in the envelope
        person=person,
        ground=ground,
        basis=whole(basis, 200, at_field("basis", ValidationError)),
        starts_on=starts_on,
        ends_on=ends_on,
        placed_by=acting.name[:80],
    )
    _write_down(
        acting,
        "legal_hold_placed",
        person,
        reason=hold.basis,
        detail={"hold": hold.pk, "ground": ground.value, "until": ends_on},
    )
    return hold


@transaction.atomic
def lift_hold(*, hold_id: int, as_of: date, reason: str, acting: Reader) -> LegalHold:
    """Say that a reason to keep data is gone.

    Raises:
        LegalHold.DoesNotExist: If there is none in the acting person's area, or it is lifted.
        PermissionError: If the role does not decide about rights.
        django.core.exceptions.ValidationError: Without a reason.
    """
    if not acting.can("decide_rights"):
        raise PermissionError("没有解除依法保留的权限。")
    hold = (
        LegalHold.objects.select_for_update()
        .select_related("person")
        .get(pk=hold_id, lifted_on=None)
    )
    if not acting.covers(hold.person.place_code):
        raise LegalHold.DoesNotExist
    if not reason.strip():
        raise ValidationError({"reason": "请写明为什么解除。"})
    hold.lifted_on = as_of
    hold.lifted_by = acting.name[:80]
    hold.lift_reason = whole(reason, 200, at_field("reason", ValidationError))
    hold.save(update_fields=["lifted_on", "lifted_by", "sealed"])
    _write_down(acting, "legal_hold_lifted", hold.person, reason=reason, detail={"hold": hold.pk})
    return hold


def _person(acting: Reader, person_id: int) -> Person:
    if not acting.can("keep_rights"):
        raise PermissionError("没有受理个人信息申请的权限。")
    return get_person(acting, person_id)


def _write_down(
    acting: Reader,
    action: str,
    person: Person,
    *,
    detail: dict[str, object],
    reason: str = "",
) -> None:
    audit.record(
        acting,
        action,
        subject="person",
        subject_id=person.pk,
        place_code=person.place_code,
        reason=reason,
        detail=detail,
    )
