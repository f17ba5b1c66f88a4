"""What must hold before an act: rights, two pairs of hands, numbers of organisations."""

from yanglao.domain.ltci.types import WrongStep
from yanglao.domain.people.public import family_of
from yanglao.foundation.scoping import Reader

#: GB 32100-2015: 31 signs, without I O S V Z; weights are powers of 3 modulo 31.
_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_LENGTH = 18


def refuse_unless(acting: Reader, permission: str, place_code: str = "") -> None:
    """Refuse who may not do it, or not there.

    Raises:
        PermissionError: With what is missing, in Chinese.
    """
    if not acting.can(permission):
        raise PermissionError("您的角色没有办这件事的权限。")
    if place_code and not acting.covers(place_code):
        raise PermissionError("只能办理自己辖区的事。")


def refuse_same_hand(acting: Reader, by_id: int | None, by_name: str) -> None:
    """Refuse to approve what one prepared oneself.

    Raises:
        WrongStep: When it is the same account; of programs, the same name.
    """
    same = acting.user_id == by_id if by_id is not None else acting.name == by_name
    if same:
        raise WrongStep("自己经办的不能自己批准，请由另一位有权限的同事批准。")


def credit_code_fault(code: str) -> str:
    """Say in Chinese what is wrong with a 统一社会信用代码 (GB 32100-2015); empty: nothing."""
    if len(code) != _LENGTH:
        return f"统一社会信用代码是 18 位，这里有 {len(code)} 位。"
    unknown = [sign for sign in code if sign not in _SIGNS]
    if unknown:
        return f"统一社会信用代码里不会有“{unknown[0]}”，请核对。"
    total = sum(_SIGNS.index(sign) * pow(3, at, 31) for at, sign in enumerate(code[:-1]))
    if _SIGNS[(31 - total % 31) % 31] != code[-1]:
        return "统一社会信用代码的最后一位校验不对，请核对有没有抄错。"
    return ""


def refuse_own_family(account_id: int | None, person_id: int) -> None:
    """Refuse to grade or decide about oneself or one's household.

    Raises:
        WrongStep: When the person is of the officer's household, as his account names it.
    """
    if person_id in family_of(account_id):
        raise WrongStep("涉及本人或家人的要回避，请换一位同事办。")
