"""Grading for long-term care: the form, its live score, the notice, the result as a fact."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from yanglao.domain.ltci.public import (
    Grading,
    WrongStep,
    ask_grading,
    get_grading,
    hold_grading,
    object_grading,
    overrule_objection,
    publish_grading,
    save_sheet,
    sign_sheet,
)
from yanglao.domain.people.public import Kind, enter_fact, get_person, person_facts
from yanglao.engines.scoring.ltc import score_ltc
from yanglao.engines.scoring.scales import in_force
from yanglao.engines.scoring.tables import Item, LtcScale
from yanglao.engines.scoring.validity import ValidityRule, valid_period
from yanglao.flows.find_entitled import NoPackInForce, recheck_people
from yanglao.flows.read_ltci_terms import ltci_terms, needed
from yanglao.flows.score_sheets import scales
from yanglao.foundation.jobs import defer
from yanglao.foundation.scoping import Reader, system_reader

#: A part has a field of that name.
sum_of = sum


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer that may be chosen on the form."""

    points: int
    says: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Question:
    """One of the 17 items with its answers."""

    code: str
    number: int
    name: str
    choices: tuple[Choice, ...]

    @property
    def answered(self) -> bool:
        """Whether an answer is chosen."""
        return any(choice.chosen for choice in self.choices)


@dataclass(frozen=True, slots=True)
class Part:
    """A dimension: its questions, the sum so far, its band once whole."""

    code: str
    name: str
    full: int
    sum: int | None
    band: str
    questions: tuple[Question, ...]

    @property
    def so_far(self) -> int:
        """The points chosen so far; the sum once every item is answered."""
        return sum_of(c.points for q in self.questions for c in q.choices if c.chosen)

    @property
    def left(self) -> int:
        """Items without an answer."""
        return sum_of(not question.answered for question in self.questions)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the combination table; ``here``: the answers lead to it."""

    level: int
    here: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form as filled in so far.

    Attributes:
        title, number, edition: Of the standard. parts: Three dimensions.
        heads, rows: The combination table: bands of the columns; name of the row with its cells.
        level, level_name: The grade; None until every item is answered.
        reasons: Why. missing: Items without an answer. doubts: What nobody verified.
    """

    title: str
    number: str
    edition: str
    parts: tuple[Part, ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[str, bool, tuple[Cell, ...]], ...]
    level: int | None
    level_name: str
    reasons: tuple[str, ...]
    missing: int
    doubts: tuple[str, ...]


def ltc_scale(as_of: date) -> LtcScale:
    """Return the edition of the standard in force on a day.

    Raises:
        LookupError: When none is.
    """
    scale = in_force(scales("ltc"), as_of)
    if not isinstance(scale, LtcScale):
        raise LookupError(f"{as_of} 还没有生效的长期护理失能等级评估标准。")
    return scale


def ltci_sheet(answers: Mapping[str, Any], as_of: date) -> Sheet:
    """Score answers, whole or half filled in, for showing."""
    scale = ltc_scale(as_of)
    result = score_ltc(scale, answers)
    numbers = {code: at for at, code in enumerate(scale.items, 1)}
    parts, ranks = [], {}
    for dimension in scale.dimensions:
        total = result.sums[dimension.code]
        band = dimension.bands.of(total) if dimension.bands and total is not None else None
        if band is not None:
            ranks[dimension.code] = band.rank
        questions = tuple(_question(item, numbers[item.code], answers) for item in dimension.items)
        parts.append(
            Part(
                dimension.code,
                dimension.name,
                dimension.full,
                total,
                band.name if band else "",
                questions,
            )
        )
    row = ranks.get(scale.row)
    others = [ranks[code] for code in scale.worse_of if code in ranks]
    column = max(others) if len(others) == len(scale.worse_of) else None
    return Sheet(
        scale.title,
        scale.number,
        scale.version,
        tuple(parts),
        _bands(scale, scale.worse_of[0]),
        tuple(
            (name, at == row, tuple(Cell(v, at == row and c == column) for c, v in enumerate(line)))
            for at, (name, line) in enumerate(
                zip(_bands(scale, scale.row), scale.table, strict=True)
            )
        ),
        result.level,
        scale.grades[result.level] if result.level is not None else "",
        result.reasons,
        sum(not question.answered for part in parts for question in part.questions),
        scale.unverified(),
    )


def level_names(as_of: date) -> dict[int, str]:
    """Return the names of the grades."""
    return dict(ltc_scale(as_of).grades)


def _bands(scale: LtcScale, code: str) -> tuple[str, ...]:
    found = next(d.bands for d in scale.dimensions if d.code == code)
    rows = found.rows if found else ()
    return tuple(band.name for band in sorted(rows, key=lambda band: band.rank))


def _question(item: Item, number: int, answers: Mapping[str, Any]) -> Question:
    given = answers.get(item.code)
    choices = tuple(Choice(o.points, o.says, given == o.points) for o in item.options)
    return Question(item.code, number, item.name, choices)


def clean_answers(given: Mapping[str, str], as_of: date) -> dict[str, int]:
    """Return the answers of a posted form: what no question offers is left out."""
    found = {}
    for code, item in ltc_scale(as_of).items.items():
        text = given.get(code, "")
        if text.isascii() and text.isdigit() and int(text) in item.points:
            found[code] = int(text)
    return found


def ask_ltci_grading(
    *,
    person_id: int,
    kind: str,
    applicant: str,
    acting: Reader,
    as_of: date,
    wish: str = "",
    review_of: int | None = None,
) -> Grading:
    """Take an application; who is known not to be insured is told so.

    Raises:
        WrongStep: For a person not insured, and as :func:`ask_grading`.
    """
    person = get_person(acting, person_id)
    facts = {line.name: line.value for line in person_facts(acting, person, as_of)}
    if facts.get("ltci_insured") is False:
        raise WrongStep("名单上这个人没有参加长期护理保险，不能申请失能评估。")
    return ask_grading(
        person_id=person_id,
        kind=kind,
        applicant=applicant,
        acting=acting,
        as_of=as_of,
        wish=wish,
        review_of=review_of,
    )


def save_ltci_sheet(
    *, grading_id: int, answers: Mapping[str, int], acting: Reader, as_of: date
) -> Grading:
    """Keep the answers of a form under the edition in force."""
    edition = ltc_scale(as_of).version
    return save_sheet(grading_id=grading_id, answers=answers, acting=acting, edition=edition)


def sign_ltci_sheet(*, grading_id: int, acting: Reader, as_of: date) -> Grading:
    """Score the kept answers and sign them.

    Raises:
        WrongStep: While an item has no answer.
    """
    grading = get_grading(acting, grading_id)
    result = score_ltc(ltc_scale(as_of), grading.answers)
    if result.level is None:
        raise WrongStep(f"还有 {len(result.faults)} 项没有选，选完才能签字。")
    return sign_sheet(
        grading_id=grading_id,
        answers=grading.answers,
        level=result.level,
        sums={code: value for code, value in result.sums.items() if value is not None},
        reasons=result.reasons,
        acting=acting,
        as_of=as_of,
    )


def publish_ltci_grading(*, grading_id: int, acting: Reader, as_of: date) -> Grading:
    """Begin the public notice for as many days as the parameter says."""
    days = needed(ltci_terms(as_of), "notice_days", as_of)
    return publish_grading(grading_id=grading_id, days=days, acting=acting, as_of=as_of)


def object_ltci_grading(*, grading_id: int, words: str, acting: Reader, as_of: date) -> Grading:
    """Take an objection within the days of the parameter."""
    days = needed(ltci_terms(as_of), "dispute_days", as_of)
    return object_grading(
        grading_id=grading_id, words=words, last_days=days, acting=acting, as_of=as_of
    )


def conclude_ltci_grading(
    *, grading_id: int, acting: Reader, as_of: date, reason: str = ""
) -> Grading:
    """Let a result hold, and write it into the person's file as a statement.

    The catalogue and the inference of ability see it from then on; benefits are asked to follow.

    Args:
        reason: Given: an objection is overruled with it.
    """
    grading = get_grading(acting, grading_id)
    if grading.level is None or grading.graded_on is None:
        raise WrongStep("还没有评估结论。")
    months = needed(ltci_terms(as_of), "valid_months", grading.graded_on, str(grading.level))
    period = valid_period(grading.graded_on, grading.level, ValidityRule(months))
    valid_to = period.last or grading.graded_on + timedelta(days=1)
    with transaction.atomic():
        if reason:
            held = overrule_objection(
                grading_id=grading_id, valid_to=valid_to, acting=acting, as_of=as_of, reason=reason
            )
        else:
            held = hold_grading(
                grading_id=grading_id, valid_to=valid_to, acting=acting, as_of=as_of
            )
        tell_ltci(
            person_id=grading.person_id,
            values={"ltci_level": grading.level, "assessed_on": grading.graded_on},
            acting=acting,
            as_of=as_of,
            reason=f"长护险失能评估第 {grading.pk} 号",
        )
    match_again(grading.person_id, acting, as_of)
    return held


def tell_ltci(
    *, person_id: int, values: Mapping[str, Any], acting: Reader, as_of: date, reason: str
) -> None:
    """Write what the insurance decided into the person's file; what it says not stays as it was."""
    person = get_person(acting, person_id)
    facts = {line.name: line.value for line in person_facts(acting, person, as_of)}
    known = {name: facts.get(fact) for name, fact in _FACTS.items()}
    whole: dict[str, Any] = {name: v for name, v in known.items() if v not in (None, -1, date.min)}
    enter_fact(
        person_id=person_id,
        kind=Kind.LTCI,
        values={**whole, "ltci_insured": True, **values},
        acting=acting,
        as_of=as_of,
        reason=reason,
    )


#: Value of a statement to the fact of the vocabulary.
_FACTS = {
    "ltci_level": "ltci_level",
    "ltci_receiving": "ltci_receiving",
    "assessed_on": "ltci_assessed_on",
}


def match_again(person_id: int, acting: Reader, as_of: date) -> None:
    """Ask the catalogue about a person again, and let the benefits follow."""
    try:
        recheck_people([person_id], as_of=as_of, acting=system_reader())
    except NoPackInForce:
        return
    defer("follow_benefits", acting, people=[person_id], as_of=as_of.isoformat())
