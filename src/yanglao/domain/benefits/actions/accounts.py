"""Accounts that money goes to: entered by one person, looked at by another."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from yanglao.domain.benefits.checks import require
from yanglao.domain.benefits.models import PayAccount
from yanglao.domain.benefits.types import AccountKind, AccountState, WrongMove
from yanglao.domain.people.public import Person, family_of, get_person
from yanglao.foundation import audit, clock
from yanglao.foundation.scoping import Reader, within_area
from yanglao.kernel.whole_words import whole

_NUMBER = re.compile(r"[0-9]{8,32}")


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account as it was given: digits without blanks, the name of its holder, the bank."""

    person_id: int
    kind: AccountKind
    bank: str
    number: str
    holder: str
    first: date
    source: str = ""


@transaction.atomic
def enter_account(*, account: NewAccount, acting: Reader) -> PayAccount:
    """Enter an account; nobody is paid to it until a second person has confirmed it.

    The same account again, while it waits or stands, is no second one.

    Raises:
        Person.DoesNotExist: When there is none in the area.
        WrongMove: For a number that is none, or a missing holder.
    """
    require(acting, "ask_benefits")
    number = "".join(account.number.split()).replace("-", "")
    if not _NUMBER.fullmatch(number):
        raise WrongMove("账号应为 8 到 32 位数字，请核对。")
    if not account.holder.strip():
        raise WrongMove("请填写户名。")
    person = get_person(acting, account.person_id)
    rows = PayAccount.objects.select_for_update().filter(person=person, end=None)
    for standing in rows.exclude(state=AccountState.REFUSED).order_by("id"):
        if standing.number == number and standing.holder == whole(account.holder, 40, WrongMove):
            return standing
        if standing.state == AccountState.WAITING:
            raise WrongMove("这个人已有一个账户在等复核，请先复核。")
    row = PayAccount.objects.create(  # type: ignore[misc]  # sealed columns
        person=person,
        place_code=person.place_code,
        kind=account.kind,
        bank=whole(account.bank, 60, WrongMove),
        number=number,
        tail=number[-4:],
        holder=whole(account.holder, 40, WrongMove),
        first=account.first,
        entered_at=clock.now(),
        entered_by_id=acting.user_id,
        entered_by=acting.name[:80],
        words=whole(account.source, 200, WrongMove),
    )
    audit.record(
        acting,
        "benefit_account_entered",
        subject="benefit_account",
        subject_id=row.pk,
        place_code=row.place_code,
        detail={"fields": ["number", "holder"]},
    )
    return row


@transaction.atomic
def decide_account(
    *, account_id: int, confirmed: bool, words: str, as_of: date, acting: Reader
) -> PayAccount:
    """Confirm an account, which ends the one before it on its first day; or refuse it.

    Raises:
        PayAccount.DoesNotExist: When there is none in the area.
        WrongMove: Twice, by who entered it, about one's own family, or refused without a reason.
    """
    require(acting, "prepare_benefits")
    rows = PayAccount.objects.select_for_update(of=("self",))
    row = within_area(rows, acting).get(pk=account_id)
    if row.state != AccountState.WAITING:
        raise WrongMove("已经复核过。")
    if acting.user_id is None or acting.user_id == row.entered_by_id:
        raise WrongMove("是您自己录入的，请换别人复核。")
    if row.person_id in family_of(acting.user_id):
        raise WrongMove("是您本人或您家里的人，请换别人复核。")
    if not confirmed and not words.strip():
        raise WrongMove("不通过要写明原因。")
    row.state = AccountState.CONFIRMED if confirmed else AccountState.REFUSED
    row.confirmed_by_id, row.confirmed_by = acting.user_id, acting.name[:80]
    if words.strip():
        row.words = whole(words, 200, WrongMove)
    row.save()
    if confirmed:
        _end_before(row)
    audit.record(
        acting,
        "benefit_account_decided",
        subject="benefit_account",
        subject_id=row.pk,
        place_code=row.place_code,
        detail={"confirmed": confirmed},
    )
    return row


def _end_before(row: PayAccount) -> None:
    """End the person's other accounts where this one begins; one that never held is refused."""
    others = PayAccount.objects.filter(
        person_id=row.person_id, state=AccountState.CONFIRMED, end=None
    ).exclude(pk=row.pk)
    others.filter(first__lt=row.first).update(end=row.first)
    others.filter(first__gte=row.first).update(state=AccountState.REFUSED)


def enter_accounts(*, accounts: Iterable[NewAccount], acting: Reader) -> tuple[int, dict[int, str]]:
    """Enter accounts of a list; return how many, and why the others were not, by person."""
    done, left = 0, {}
    for one in accounts:
        try:
            enter_account(account=one, acting=acting)
        except (WrongMove, Person.DoesNotExist) as problem:
            left[one.person_id] = str(problem)
        else:
            done += 1
    return done, left
