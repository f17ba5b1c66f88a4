"""A list of accounts, as a bank or a village hands it in: each row entered, none confirmed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from yanglao.domain.benefits.public import AccountKind, NewAccount, WrongMove, enter_account
from yanglao.domain.people.public import Person, find_by_numbers
from yanglao.flows.read_table import EXAMPLE, UnusableList, read_table, template_book
from yanglao.foundation.scoping import Reader
from yanglao.kernel.idnumber import read_id_number

__all__ = ["TakenAccounts", "UnusableList", "account_template", "take_accounts"]

_COLUMNS = {
    "number": ("身份证号", "公民身份号码", "身份证号码"),
    "account": ("账号", "银行账号", "社保卡账号", "卡号"),
    "holder": ("户名", "姓名", "持卡人"),
    "bank": ("开户银行", "银行"),
}
_NEEDED = ("number", "account", "holder")
#: More rows than this belong to a department's list, not to a page.
_MOST = 5000


@dataclass(frozen=True, slots=True)
class TakenAccounts:
    """How many rows were entered; rows that were not, by where they stand, with the reason."""

    entered: int
    left: tuple[tuple[str, str], ...]


def take_accounts(
    data: bytes, name: str, *, first: date, kind: AccountKind, acting: Reader
) -> TakenAccounts:
    """Enter the accounts of a spreadsheet; a second person still has to look at each.

    The first row that has the columns 身份证号, 账号, 户名 is the head.

    Raises:
        UnusableList: For what is no table, without these columns, or with too many rows.
    """
    table = read_table(data, name, columns=_COLUMNS, needed=_NEEDED, most=_MOST)
    entered, left = 0, []
    for row in table.rows:
        why = _enter(row.values, f"{name} {row.where}", first, kind, acting)
        if why:
            left.append((row.where, why))
        else:
            entered += 1
    return TakenAccounts(entered, tuple(left))


def account_template() -> bytes:
    """Return the empty sheet that banks and villages fill in."""
    head = ["身份证号", "户名", "账号", "开户银行"]
    return template_book(
        "收款账户",
        head,
        [["650000194001011234", f"{EXAMPLE}张三", "6217000000000000000", "农业银行"]],
    )


def _enter(
    cells: Mapping[str, str], source: str, first: date, kind: AccountKind, acting: Reader
) -> str:
    """Enter one row; return why not, empty when it was."""
    number = read_id_number(cells["number"]).number
    known = find_by_numbers([number.text]) if number is not None else {}
    if number is None or number.text not in known:
        return "身份证号不对，或档案里没有这个人"
    account = NewAccount(
        person_id=known[number.text].id,
        kind=kind,
        bank=cells.get("bank", ""),
        number=cells["account"],
        holder=cells["holder"],
        first=first,
        source=source,
    )
    try:
        enter_account(account=account, acting=acting)
    except Person.DoesNotExist:
        return "不在您的辖区"
    except WrongMove as refusal:
        return str(refusal)
    return ""
