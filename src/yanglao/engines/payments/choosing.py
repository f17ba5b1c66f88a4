"""One person, one month, any number of benefits: which are paid, how much, and why the rest is not.

Each benefit is kept when everything that would beat it is not kept. Where a rival's entitlement is
not known, nothing that hangs on it is paid: it is held until the rival is known. The loader has
refused tables with rings, so the answer is one, whatever the order in which benefits are given.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from yanglao.engines.payments.compatibility import Benefit, Relation, Table
from yanglao.kernel.money import Fen, format_yuan

State = Literal["paid", "not_paid", "held"]

_KEPT, _MAYBE, _DROPPED = "kept", "maybe", "dropped"


@dataclass(frozen=True, slots=True)
class Claim:
    """What a person would get of a benefit in a month were it the only one.

    ``known`` is False when the entitlement is unknown; ``fen`` None when the amount is.
    """

    benefit: str
    known: bool
    fen: Fen | None


@dataclass(frozen=True, slots=True)
class Choice:
    """What becomes of a claim.

    Attributes:
        due: What the benefit alone would give. paid: What is paid. ``due - paid`` is not paid.
        code: ``alone``, ``allowed``, ``kept``, ``excluded``, ``lower``, ``difference``,
            ``held_unknown`` (itself unknown), ``held_amount``, ``held_rival``.
        against: The benefits that decided it.
        clause: Where the table says so.
    """

    benefit: str
    due: Fen | None
    paid: Fen
    state: State
    code: str
    against: tuple[str, ...]
    clause: str

    @property
    def not_paid(self) -> Fen:
        """Money that is not paid because of another benefit."""
        return (self.due or 0) - self.paid if self.state == "not_paid" or self.paid else 0


def choose(claims: Iterable[Claim], table: Table | None) -> tuple[Choice, ...]:
    """Choose among the benefits of one person in one month; in the order of the table.

    Args:
        claims: At most one per benefit; benefits without entitlement are left out.
        table: Relations in force; None when there is none: then two claims are held, never paid.

    Raises:
        ValueError: When a benefit is given twice.
    """
    given = list(claims)
    if len({one.benefit for one in given}) != len(given):
        raise ValueError("a benefit is given twice in one month")
    if table is None:
        return tuple(_without_table(one, len(given)) for one in sorted(given, key=_name))
    order = {code: place for place, code in enumerate(table.order)}
    given.sort(key=lambda one: (order.get(one.benefit, len(order)), one.benefit))
    by_code = {one.benefit: one for one in given}
    beaten_by = {one.benefit: _rivals(one, given, table) for one in given}
    states: dict[str, str] = {}
    for one in given:
        _settle(one.benefit, by_code, beaten_by, states)
    return tuple(_choice(one, by_code, beaten_by, states, table) for one in given)


def _name(one: Claim) -> str:
    return one.benefit


def _without_table(one: Claim, number: int) -> Choice:
    if not one.known:
        return Choice(one.benefit, one.fen, 0, "held", "held_unknown", (), "")
    if number > 1 or one.fen is None:
        code = "held_amount" if one.fen is None else "held_rival"
        return Choice(one.benefit, one.fen, 0, "held", code, (), "")
    return Choice(one.benefit, one.fen, one.fen, "paid", "alone", (), "")


def _rivals(one: Claim, given: list[Claim], table: Table) -> tuple[tuple[str, bool, Relation], ...]:
    """What beats a claim: the rival, whether surely (else perhaps), and by which relation."""
    found = []
    place = {claim.benefit: number for number, claim in enumerate(given)}
    for other in given:
        row = table.between(one.benefit, other.benefit) if other is not one else None
        if row is None:
            continue
        if row.kind == "EXCLUDE" and row.first == other.benefit:
            found.append((other.benefit, True, row))
        if row.kind == "HIGHER_OF":
            # An amount that is not known may turn out the higher one; of two such the earlier
            # stands for "first to be found out", and both end up held.
            mine = (one.fen is None, one.fen or 0, -place[one.benefit])
            its = (other.fen is None, other.fen or 0, -place[other.benefit])
            if its > mine:
                found.append((other.benefit, other.fen is not None, row))
    return tuple(found)


def _settle(
    code: str,
    by_code: Mapping[str, Claim],
    beaten_by: Mapping[str, tuple[tuple[str, bool, Relation], ...]],
    states: dict[str, str],
) -> str:
    """Kept when no rival can be; dropped when one surely is; else maybe."""
    if code in states:
        return states[code]
    state = _KEPT if by_code[code].known else _MAYBE
    for rival, surely, _ in beaten_by[code]:
        its = _settle(rival, by_code, beaten_by, states)
        if its == _KEPT and surely:
            state = _DROPPED
            break
        if its != _DROPPED:
            state = _MAYBE
    states[code] = state
    return state


def _choice(
    one: Claim,
    by_code: Mapping[str, Claim],
    beaten_by: Mapping[str, tuple[tuple[str, bool, Relation], ...]],
    states: Mapping[str, str],
    table: Table,
) -> Choice:
    rivals = beaten_by[one.benefit]
    if states[one.benefit] == _DROPPED:
        who, _, by = next(r for r in rivals if states[r[0]] == _KEPT and r[1])
        code = "excluded" if by.kind == "EXCLUDE" else "lower"
        # What nobody has found to be due is no money saved.
        due = one.fen if one.known else None
        return Choice(one.benefit, due, 0, "not_paid", code, (who,), by.clause)
    if not one.known:
        return Choice(one.benefit, one.fen, 0, "held", "held_unknown", (), "")
    open_rivals = [r for r in rivals if states[r[0]] != _DROPPED]
    if open_rivals:
        names = tuple(r[0] for r in open_rivals)
        return Choice(
            one.benefit, one.fen, 0, "held", "held_rival", names, open_rivals[0][2].clause
        )
    if one.fen is None:
        return Choice(one.benefit, None, 0, "held", "held_amount", (), "")
    bases = [
        (other, row)
        for other in by_code.values()
        if (row := table.between(one.benefit, other.benefit)) is not None
        and row.kind == "DIFFERENCE"
        and row.first == other.benefit
        and states[other.benefit] != _DROPPED
    ]
    return _after_bases(one, one.fen, bases, by_code, states, table)


def _after_bases(
    one: Claim,
    fen: Fen,
    bases: list[tuple[Claim, Relation]],
    by_code: Mapping[str, Claim],
    states: Mapping[str, str],
    table: Table,
) -> Choice:
    """What is left of a kept claim above the bases that are paid."""
    unsure = [o for o, _ in bases if states[o.benefit] != _KEPT or o.fen is None]
    if unsure:
        names = tuple(other.benefit for other in unsure)
        return Choice(one.benefit, fen, 0, "held", "held_rival", names, bases[0][1].clause)
    if bases:
        names = tuple(other.benefit for other, _ in bases)
        paid = max(0, fen - sum(other.fen or 0 for other, _ in bases))
        state: State = "paid" if paid else "not_paid"
        return Choice(one.benefit, fen, paid, state, "difference", names, bases[0][1].clause)
    won = [
        row
        for other in by_code
        if other != one.benefit
        and states[other] == _DROPPED
        and (row := table.between(one.benefit, other)) is not None
        and row.kind in ("EXCLUDE", "HIGHER_OF")
    ]
    if won:
        beaten = tuple(r.second if r.first == one.benefit else r.first for r in won)
        return Choice(one.benefit, fen, fen, "paid", "kept", beaten, won[0].clause)
    code = "allowed" if len(by_code) > 1 else "alone"
    return Choice(one.benefit, fen, fen, "paid", code, (), "")


def explain(choice: Choice, benefits: Mapping[str, Benefit]) -> str:
    """A choice as one Chinese sentence for the file."""
    name = _named(choice.benefit, benefits)
    others = "、".join(_named(code, benefits) for code in choice.against)
    due = "未知" if choice.due is None else f"{format_yuan(choice.due)} 元"
    why = f"（依据：{choice.clause}）" if choice.clause else ""
    words = {
        "alone": f"按规定发放{name} {due}",
        "allowed": f"按规定发放{name} {due}，与同月其他待遇可以并领",
        "kept": f"发放{name} {due}，不再发{others}{why}",
        "excluded": f"已享受{others}，不发{name}，本月少发 {due}{why}",
        "lower": f"与{others}择高发放，{name}较低不发，本月少发 {due}{why}",
        "difference": f"{name} {due}，已享受{others}，补差 {format_yuan(choice.paid)} 元，"
        f"本月少发 {format_yuan(choice.not_paid)} 元{why}",
        "held_unknown": f"是否符合{name}还不清楚，查清前不发",
        "held_amount": f"{name}的金额没有核定，核定前不发",
        "held_rival": f"{others or '同月其他待遇'}是否享受、享受多少还不清楚，"
        f"为免重复，{name}先不发{why}",
    }
    return words[choice.code]


def _named(code: str, benefits: Mapping[str, Benefit]) -> str:
    return benefits[code].name if code in benefits else code
