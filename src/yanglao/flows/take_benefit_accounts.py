"""A list of accounts, as a bank or a village hands it in: each row entered, none confirmed."""

from dataclasses import dataclass
from datetime import date

from yanglao.domain.benefits.public import AccountKind, NewAccount, WrongMove, enter_account
from yanglao.domain.people.public import Person, find_by_numbers
from yanglao.engines.intake.cells import cell_text
from yanglao.engines.intake.unreadable import UnreadableWorkbook
from yanglao.engines.intake.workbook import read_workbook
from yanglao.foundation.scoping import Reader
from yanglao.kernel.idnumber import read_id_number

__all__ = ["TakenAccounts", "UnusableList", "take_accounts"]

_COLUMNS = {
    "number": ("身份证号", "公民身份号码", "身份证号码"),
    "account": ("账号", "银行账号", "社保卡账号", "卡号"),
    "holder": ("户名", "姓名", "持卡人"),
    "bank": ("开户银行", "银行"),
}
_NEEDED = ("number", "account", "holder")
#: More rows than this belong to a department's list, not to a page.
_MOST = 5000


class UnusableList(ValueError):
    """A file that cannot be taken in; the message says what to do."""


@dataclass(frozen=True, slots=True)
class TakenAccounts:
    """How many rows were entered; rows that were not, by their number with the reason."""

    entered: int
    left: tuple[tuple[int, str], ...]


def take_accounts(
    data: bytes, name: str, *, first: date, kind: AccountKind, acting: Reader
) -> TakenAccounts:
    """Enter the accounts of a spreadsheet; a second person still has to look at each.

    The first row that has the columns 身份证号, 账号, 户名 is the head.

    Raises:
        UnusableList: For what is no table, without these columns, or with too many rows.
    """
    try:
        rows = read_workbook(data, name).sheets[0].rows
    except UnreadableWorkbook as problem:
        raise UnusableList(str(problem)) from problem
    head, at = _head(rows)
    below = rows[head + 1 :]
    if len(below) > _MOST:
        raise UnusableList(f"一次最多 {_MOST} 行，请分开上传。")
    entered, left = 0, []
    for place, row in enumerate(below, start=head + 2):
        cells = {key: cell_text(row[column]).strip() for key, column in at.items()}
        if not any(cells.values()):
            continue
        why = _enter(cells, f"{name} 第 {place} 行", first, kind, acting)
        if why:
            left.append((place, why))
        else:
            entered += 1
    return TakenAccounts(entered, tuple(left))


def _head(rows: list[list[object]]) -> tuple[int, dict[str, int]]:
    for place, row in enumerate(rows[:10]):
        words = [cell_text(cell).strip() for cell in row]
        at = {
            key: next(words.index(one) for one in names if one in words)
            for key, names in _COLUMNS.items()
            if any(one in words for one in names)
        }
        if all(key in at for key in _NEEDED):
            return place, at
    raise UnusableList("没有找到表头：要有“身份证号”“账号”“户名”三列。")


def _enter(
    cells: dict[str, str], source: str, first: date, kind: AccountKind, acting: Reader
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
