"""我能享受什么: at most eight questions, answered by everybody's rules, keeping nothing.

Each question stands for facts of the vocabulary and offers "不清楚"; a question is asked only if
the catalogue's rules look at one of its facts. What nobody asks stays unknown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from yanglao.domain.catalogue.public import pack_in_force
from yanglao.engines.policy.catalogue import CYCLE_WORDS
from yanglao.engines.policy.explain import ItemAnswer
from yanglao.engines.policy.vocabulary import ELSEWHERE
from yanglao.flows.look_up_person import explain_one
from yanglao.flows.open_pack import NoPackInForce, OpenPack, open_version

__all__ = ["NoPackInForce", "Option", "PublicAnswer", "Question", "answer", "questions"]

MOST_QUESTIONS = 8
UNSURE = "unsure"
_UNSURE_LABEL = "不清楚"
_OLDEST, _YOUNGEST = 120, 50
_HOME, _SAME_PROVINCE = "<home>", "<same province>"

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Option:
    """One way to answer: the value to send back, and its words."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the public page.

    Attributes:
        key: Name of the form field.
        text: The question. hint: A line below it, may be empty.
        kind: ``"choice"`` (one of the options) or ``"year"`` (a list of years to pick from).
        options: In the order to show; the last is "不清楚".
    """

    key: str
    text: str
    hint: str
    kind: Literal["choice", "year"]
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class PublicAnswer:
    """An item for the person who asked.

    Attributes:
        code, name, object, content, standard, clause: From the catalogue.
        department: Whom to ask. status: ``"yes"``, ``"possible"`` or ``"no"``.
        tier, amount_fen: What, when it is a yes. per: how often, in words (``"每月"``).
        reason: Why, in one line.
        missing: What would have to be known, in words.
        on_sight: Had by showing a card; nothing to apply for.
    """

    code: str
    name: str
    object: str
    content: str
    standard: str
    clause: str
    department: str
    status: str
    tier: str
    amount_fen: int | None
    per: str
    reason: str
    missing: tuple[str, ...]
    on_sight: bool


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question as written: option value to words and the facts it stands for."""

    key: str
    text: str
    options: tuple[tuple[str, str, Facts], ...]
    hint: str = ""

    def facts(self) -> set[str]:
        return {fact for _value, _label, facts in self.options for fact in facts}


_NO_HELP = {"support_mode": "", "tekun_care": ""}
_ASKED: tuple[_Asked, ...] = (
    _Asked("born", "老人是哪一年出生的？", (("", "", {"age": 0}),), "按身份证上的出生年份"),
    _Asked(
        "place",
        "户口和平时住的地方在哪里？",
        (
            ("both", "都在本地", {"hukou_code": _HOME, "residence_code": _HOME}),
            (
                "hukou",
                "户口在本地，平时住在外地",
                {"hukou_code": _HOME, "residence_code": ELSEWHERE},
            ),
            (
                "province",
                "户口在本省（区）别处，平时住在本地",
                {"hukou_code": _SAME_PROVINCE, "residence_code": _HOME},
            ),
            (
                "far",
                "户口在外省，平时住在本地",
                {"hukou_code": ELSEWHERE, "residence_code": _HOME},
            ),
            ("neither", "都不在本地", {"hukou_code": ELSEWHERE, "residence_code": ELSEWHERE}),
        ),
    ),
    _Asked(
        "assistance",
        "老人现在有没有这些救助？",
        (
            ("none", "都没有", {"assistance": "", **_NO_HELP}),
            ("dibao", "低保", {"assistance": "dibao", **_NO_HELP}),
            ("dibao_margin", "低保边缘", {"assistance": "dibao_margin", **_NO_HELP}),
            ("expense", "支出型困难", {"assistance": "expense", **_NO_HELP}),
            ("dispersed", "特困，住在家里", {"assistance": "tekun", "support_mode": "dispersed"}),
            ("central", "特困，住在供养机构", {"assistance": "tekun", "support_mode": "central"}),
        ),
    ),
    _Asked(
        "living",
        "老人和谁一起住？",
        (
            ("alone", "一个人住", {"living": "alone"}),
            ("empty_nest", "只和老伴住", {"living": "empty_nest"}),
            ("with_children", "和子女住", {"living": "with_children"}),
            ("left_behind", "子女长期在外，老人留守", {"living": "left_behind"}),
            ("institution", "住养老机构", {"living": "institution"}),
        ),
    ),
    _Asked(
        "care",
        "吃饭、穿衣、上厕所、走动，老人能自己做吗？",
        (
            ("0", "都能自己做", {"ability_level": 0, "ltci_level": 0, "tekun_care": "self"}),
            ("1", "大部分能，偶尔要人帮", {"ability_level": 1, "ltci_level": 1}),
            ("2", "一半左右要人帮", {"ability_level": 2, "ltci_level": 2}),
            (
                "3",
                "大部分要人帮",
                {"ability_level": 3, "ltci_level": 3, "tekun_care": "full"},
            ),
            ("4", "全靠别人", {"ability_level": 4, "ltci_level": 5, "tekun_care": "full"}),
        ),
        "这里只作参考，等级以上门评估为准",
    ),
    _Asked(
        "disability",
        "老人有残疾人证吗？几级？",
        (
            (
                "none",
                "没有",
                {
                    "disability_grade": -1,
                    "disability_category": -1,
                    "needs_long_term_care": False,
                },
            ),
            ("1y", "一级，需要长期照护", {"disability_grade": 1, "needs_long_term_care": True}),
            ("1n", "一级，不需要长期照护", {"disability_grade": 1, "needs_long_term_care": False}),
            ("2y", "二级，需要长期照护", {"disability_grade": 2, "needs_long_term_care": True}),
            ("2n", "二级，不需要长期照护", {"disability_grade": 2, "needs_long_term_care": False}),
            ("3", "三级", {"disability_grade": 3}),
            ("4", "四级", {"disability_grade": 4}),
        ),
    ),
    _Asked(
        "merit",
        "老人享受国家定期抚恤补助（优抚）吗？",
        (
            ("no", "没有", {"special_contribution": False}),
            ("kept", "有，也有子女赡养", {"special_contribution": True, "supporter": "yes"}),
            (
                "unable",
                "有，子女没有能力赡养",
                {"special_contribution": True, "supporter": "unable"},
            ),
            ("alone", "有，没有子女赡养", {"special_contribution": True, "supporter": "none"}),
        ),
    ),
    _Asked(
        "pension",
        "老人参加的是哪种养老保险？在领吗？",
        (
            ("none", "没有参加", {"pension_kind": "", "pension_status": ""}),
            ("ry", "城乡居民，在领", {"pension_kind": "resident", "pension_status": "normal"}),
            ("rn", "城乡居民，没有领", {"pension_kind": "resident", "pension_status": "unclaimed"}),
            ("ey", "职工，在领", {"pension_kind": "employee", "pension_status": "normal"}),
            ("en", "职工，没有领", {"pension_kind": "employee", "pension_status": "unclaimed"}),
        ),
    ),
)
#: Whoever asks is alive, and nobody fills in a web page from a relief station.
_TAKEN_FOR_GRANTED: Facts = {"alive": True, "in_relief": False}


def questions(as_of: date, *, pack: str | None = None) -> list[Question]:
    """Return at most eight questions: those whose facts the rules in force look at.

    Raises:
        NoPackInForce: When there is none on the day.
    """
    opened = _opened(as_of, pack)
    used = set(opened.compiled.facts_used)
    asked = [one for one in _ASKED if one.facts() & used]
    return [_question(one, as_of) for one in asked[:MOST_QUESTIONS]]


def answer(
    answers: Mapping[str, str], as_of: date, *, pack: str | None = None
) -> list[PublicAnswer]:
    """Answer every item of the catalogue, in its order. Nothing is stored or logged.

    A birth year leaves the birthday open: where the two ends of the year answer differently, the
    item is possible and the birth date is what is missing.

    Args:
        answers: Question key to option value; what is left out or not offered counts as unsure.
        as_of: The day.
        pack: Name of the pack; the one in force when not given.

    Raises:
        NoPackInForce: When there is none on the day.
    """
    opened = _opened(as_of, pack)
    row = _facts(answers, opened)
    ends: Sequence[Mapping[str, Any]] = [row]
    year = answers.get("born", "")
    if year in _years(as_of):
        first, last = date(int(year), 1, 1), date(int(year), 12, 31)
        ends = [{**row, "birth_date": first}, {**row, "birth_date": last}]
    told = [explain_one(opened, {**end, "person_id": 1}) for end in ends]
    return [_answer(opened, [one[n] for one in told]) for n in range(len(told[0]))]


def _opened(as_of: date, pack: str | None) -> OpenPack:
    version = pack_in_force(as_of, pack)
    if version is None:
        raise NoPackInForce("还没有生效的政策清单。")
    return open_version(version, as_of, version.region_code)


def _years(as_of: date) -> list[str]:
    return [str(as_of.year - age) for age in range(_YOUNGEST, _OLDEST + 1)]


def _question(one: _Asked, as_of: date) -> Question:
    unsure = Option(UNSURE, _UNSURE_LABEL)
    if one.key == "born":
        years = tuple(Option(year, f"{year} 年") for year in _years(as_of))
        return Question(one.key, one.text, one.hint, "year", (*years, unsure))
    options = tuple(Option(value, label) for value, label, _facts in one.options)
    return Question(one.key, one.text, one.hint, "choice", (*options, unsure))


def _facts(answers: Mapping[str, str], opened: OpenPack) -> dict[str, Any]:
    """Turn answers into one row of facts."""
    region = opened.pack.region
    neighbour = "01" if region[2:4] != "01" else "02"
    codes = {
        _HOME: region.ljust(12, "0"),
        _SAME_PROVINCE: f"{region[:2]}{neighbour}".ljust(12, "0"),
    }
    found: dict[str, Any] = dict(_TAKEN_FOR_GRANTED)
    for one in _ASKED:
        for value, _label, facts in one.options:
            if one.key != "born" and answers.get(one.key) == value:
                # The first word about a fact counts: help before self-care.
                found |= {name: held for name, held in facts.items() if name not in found}
    known = set(opened.pack.vocabulary.facts)
    row = {name: codes.get(value, value) for name, value in found.items() if name in known}
    if row.get("hukou_code") == codes[_HOME] or row.get("residence_code") == codes[_HOME]:
        row["place_code"] = codes[_HOME]
    return row


def _answer(opened: OpenPack, ends: Sequence[ItemAnswer]) -> PublicAnswer:
    """Put the answers of both ends of the birth year together."""
    first = ends[0]
    item = opened.pack.items[first.item]
    vocabulary = opened.pack.vocabulary
    agreed = all(one.status == first.status for one in ends)
    missing = [vocabulary[fact].ask_for for fact in first.missing]
    reason, status = first.reason, str(first.status)
    if not agreed:
        words = {vocabulary[fact].ask_for for one in ends for fact in one.missing}
        missing = ["出生日期", *sorted(words - {"出生日期"})]
        reason, status = f"可能符合 {item.name}，要看生日到了没有", "possible"
    same_tier = all(one.tier == first.tier for one in ends)
    same_amount = all(one.amount_fen == first.amount_fen for one in ends)
    return PublicAnswer(
        code=item.code,
        name=item.name,
        object=item.object,
        content=item.content,
        standard=item.standard,
        clause=item.clause,
        department=item.lead,
        status=status,
        tier=first.tier if agreed and same_tier else "",
        amount_fen=first.amount_fen if agreed and same_amount else None,
        per=CYCLE_WORDS.get(item.cycle, ""),
        reason=reason,
        missing=tuple(missing),
        on_sight=item.mode == "on_sight",
    )
