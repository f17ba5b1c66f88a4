"""What the catalogue says of people and a money item, with the facts it rests on and their sources.

The evidence comes from the register instead of paper: list, month and row behind every fact. What
is unknown is named, so that it can be asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from yanglao.domain.benefits.public import Evidence, Judgement
from yanglao.domain.people.public import FactLine, Person, facts_of_many
from yanglao.engines.policy import rules
from yanglao.engines.policy.catalogue import Item
from yanglao.engines.policy.evaluate import evaluate
from yanglao.engines.policy.outcomes import STATUS_WORDS, Outcome
from yanglao.engines.policy.sentence import sentence
from yanglao.engines.policy.sql import AGE
from yanglao.flows.benefit_terms import BenefitTerms, benefit_terms
from yanglao.flows.open_pack import OpenPack, open_pack
from yanglao.flows.standing_region import standing_region
from yanglao.foundation.analytics import analytic_session
from yanglao.foundation.scoping import Reader
from yanglao.kernel.money import format_yuan

_PLACE_FACTS = ("hukou_code", "residence_code")


@dataclass(frozen=True, slots=True)
class MoneyItem:
    """A money item of the catalogue in force.

    Attributes:
        item_id, code, name: Of the catalogue. benefit: Code of the compatibility table.
        per: How often. amount_words: The amount or that it is not published, with its source.
        known: Whether any amount is published. clause, sentence: Who may have it.
        object, standard, lead: From the catalogue.
    """

    item_id: int
    code: str
    name: str
    benefit: str
    amount_words: str
    known: bool
    clause: str
    sentence: str
    object: str
    standard: str
    lead: str


def money_items(as_of: date) -> list[MoneyItem]:
    """Return the money items of the catalogue in force, in its order.

    Raises:
        yanglao.flows.open_pack.NoPackInForce, LookupError: When nothing was published.
    """
    region = standing_region(as_of)
    opened, terms = open_pack(as_of, region), benefit_terms(region)
    return [
        _money_item(opened, terms, item)
        for item in opened.pack.items.values()
        if terms.benefit_of(item.code)
    ]


def _money_item(opened: OpenPack, terms: BenefitTerms, item: Item) -> MoneyItem:
    wording = opened.compiled.wording
    words, known = _amount_words(opened, item, None)
    return MoneyItem(
        item_id=opened.item_ids[item.code],
        code=item.code,
        name=item.name,
        benefit=terms.benefit_of(item.code),
        amount_words=words,
        known=known,
        clause=item.clause,
        sentence=sentence(item.rule, wording),
        object=item.object,
        standard=item.standard,
        lead=item.lead,
    )


def judge_many(
    reader: Reader, people: Sequence[Person], item_code: str, as_of: date
) -> dict[int, Judgement]:
    """Judge people for one item on a day: one evaluation for all.

    Raises:
        PermissionError: When one of them is served outside the reader's area.
        LookupError: When the item is no money item of the catalogue in force.
    """
    opened = open_pack(as_of, standing_region(as_of))
    item = opened.pack.items.get(item_code)
    if item is None:
        raise LookupError(f"清单里没有第 {item_code} 项。")
    compiled = opened.compiled
    only = replace(compiled.item(item_code), position=0)
    facts = {leaf.fact for leaf in only.leaves if leaf.fact != AGE}
    with analytic_session(step="核对待遇条件") as session:
        lines = facts_of_many(reader, people, session, as_of)
        found = {
            o.key: o for o in evaluate(session.con, replace(compiled, items=(only,)), with_no=True)
        }
        answers = dict(session.rows("SELECT person_id, outcome_key FROM result"))
    wanted = [name for name in (AGE, *_shown(facts, only.leaves)) if name]
    return {
        one.pk: _judgement(opened, item, found[answers[one.pk]], lines[one.pk], wanted)
        for one in people
        if one.pk in answers
    }


def _shown(facts: set[str], leaves: Sequence[rules.Leaf]) -> list[str]:
    """Facts that a case shows as evidence: those that the rule looks at."""
    return sorted(facts, key=lambda name: (name in _PLACE_FACTS, name))


def judge_one(reader: Reader, person: Person, item_code: str, as_of: date) -> Judgement:
    """Judge one person; see :func:`judge_many`."""
    return judge_many(reader, [person], item_code, as_of)[person.pk]


def _judgement(
    opened: OpenPack, item: Item, outcome: Outcome, lines: list[FactLine], wanted: Sequence[str]
) -> Judgement:
    vocabulary = opened.pack.vocabulary
    by_name = {line.name: line for line in lines}
    words, _known = _amount_words(opened, item, outcome)
    return Judgement(
        status=STATUS_WORDS[outcome.status],
        tier=outcome.tier,
        fen=outcome.amount_fen,
        reason=outcome.reason,
        sentence=sentence(item.rule, opened.compiled.wording),
        clause=item.clause,
        missing=tuple(vocabulary[fact].ask_for for fact in outcome.missing),
        evidence=tuple(_evidence(by_name[name]) for name in wanted if name in by_name),
        amount_words=words,
        version_id=opened.version.pk,
        as_of=opened.compiled.as_of.isoformat(),
    )


def _evidence(line: FactLine) -> Evidence:
    return Evidence(
        name=line.name,
        label=str(line.label),
        value=str(line.value_label) if line.known else "",
        source=line.source if line.known else "",
        on=line.holds_from.isoformat() if line.holds_from else "",
    )


def _amount_words(opened: OpenPack, item: Item, outcome: Outcome | None) -> tuple[str, bool]:
    """Say the amount with parameter and source, or that it is not published."""
    if item.amount is None:
        return f"清单没有写明标准（{item.clause}），暂不能发", False
    parameter = opened.pack.parameters[item.amount.parameter]
    source = f"{parameter.source.document}，{parameter.source.article}"
    fen = outcome.amount_fen if outcome is not None else None
    if fen is None and not parameter.is_table:
        value = parameter.value_on(opened.compiled.as_of)
        fen = None if value is None else int(str(value))
    if fen is not None:
        unsure = "" if parameter.verified else "（未核实）"
        return f"{parameter.label} {format_yuan(fen)} 元{unsure}；{source}", True
    if outcome is None and parameter.places_on(opened.compiled.as_of):
        published = any(
            parameter.amount_at(place, band.name, opened.compiled.as_of) is not None
            for place in parameter.places_on(opened.compiled.as_of)
            for band in parameter.bands
        )
        if published:
            return f"{parameter.label}按所在县（市）和年龄段；{source}", True
    return f"{parameter.label}没有公布这里的数，暂不能发；{source}", False
