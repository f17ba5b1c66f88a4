"""Who may decide: nobody about what he prepared, about himself, or about his family."""

from collections.abc import Iterable

from yanglao.domain.benefits.models import Case
from yanglao.domain.benefits.types import MOVES, CaseAct, CaseState, WrongMove
from yanglao.domain.people.public import family_of
from yanglao.foundation.scoping import Reader


def refuse_own(cases: Iterable[Case], acting: Reader) -> None:
    """Refuse to decide about oneself or one's family.

    Raises:
        WrongMove: Naming the first such case.
    """
    family = family_of(acting.user_id)
    for case in cases:
        if case.person_id in family:
            raise WrongMove(f"{case.person.name}是您本人或您家里的人，请换别人办理。")


def why_not_decide(case: Case, acting: Reader, family: frozenset[int]) -> str:
    """Return why an officer may not decide about a case; empty when he may."""
    if acting.user_id is None:
        return "审批必须由在册的账号办理。"
    if case.person_id in family:
        return "是您本人或您家里的人，请换别人审批。"
    if acting.user_id == case.prepared_by_id:
        return "是您自己初审的，请换别人审批。"
    return ""


def refuse_move(case: Case, act: CaseAct) -> CaseState:
    """Return the state that an act leads to.

    Raises:
        WrongMove: When the table does not allow it.
    """
    origins, target = MOVES[act]
    if case.state not in origins:
        where = CaseState(case.state).label
        allowed = "、".join(str(one.label) for one in origins)
        raise WrongMove(f"“{where}”的个案不能{act.label}；可以{act.label}的是：{allowed}。")
    return target


def require(acting: Reader, permission: str) -> None:
    """Refuse whoever lacks a permission.

    Raises:
        PermissionError: In words.
    """
    if not acting.can(permission):
        raise PermissionError("您的角色不能办理这一步。")
