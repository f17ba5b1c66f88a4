"""Which file is the officer's own: nobody decides about himself or his family."""

from django.db import transaction

from yanglao.domain.accounts.models import Account
from yanglao.foundation import audit
from yanglao.foundation.scoping import Reader


@transaction.atomic
def name_own_person(*, account_id: int, person_id: int, acting: Reader) -> Account:
    """Say which person file is an officer's own; the same again changes nothing.

    An officer says it once of himself; who manages accounts may correct it.

    Raises:
        Account.DoesNotExist: When there is none.
        PermissionError: For somebody else's account, or to change what was said.
    """
    account = Account.objects.select_for_update(of=("self",)).get(pk=account_id)
    if account.person_id == person_id:
        return account
    manages = acting.can("manage_accounts") and acting.covers(account.area_code)
    own = acting.user_id == account_id
    if not (manages and not own) and not (own and account.person_id is None):
        raise PermissionError("本人档案登记后不能自己改，请由管理账号的人更正。")
    account.person_id = person_id
    account.save(update_fields=["person_id"])
    audit.record(
        acting,
        "account_person_named",
        subject="account",
        subject_id=account.pk,
        place_code=account.area_code,
    )
    return account
