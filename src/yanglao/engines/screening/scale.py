"""A screening as data: read and checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

_TOP = {
    "code": str,
    "title": str,
    "source": str,
    "verified": bool,
    "note": str,
    "repeat_months": int,
    "follow_days": int,
    "domains": dict,
}
_DOMAIN = {"name": str, "refer": str, "advice": str, "questions": list}
_QUESTION = {"code": str, "ask": str, "yes": str, "no": str, "bad": str, "help": str}
ANSWERS = ("yes", "no")


class WrongScreening(ValueError):
    """A file that cannot be used; ``messages`` say in Chinese what is wrong and what to do."""

    def __init__(self, messages: list[str]) -> None:
        """Keep all messages, not only the first."""
        super().__init__("；".join(messages))
        self.messages = tuple(messages)


@dataclass(frozen=True, slots=True)
class Question:
    """A question; ``bad`` is the answer (``yes`` or ``no``) that tells of a problem."""

    code: str
    ask: str
    bad: str
    help: str
    yes: str
    no: str

    def words(self, answer: str) -> str:
        """Return an answer as this question has it; empty when it was not asked."""
        return {"yes": self.yes, "no": self.no}.get(answer, "")


@dataclass(frozen=True, slots=True)
class Domain:
    """A domain of intrinsic capacity with its questions, and what to do when it fails."""

    code: str
    name: str
    refer: str
    advice: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Screening:
    """A screening that passed every check.

    Attributes:
        code, title, source, note: As written; ``verified`` False must be said where it is shown.
        repeat_months: After how long somebody without a problem is screened again.
        follow_days: Within how many days a problem must have led to the next step.
        domains: By code, in the order in which they are asked.
    """

    code: str
    title: str
    source: str
    verified: bool
    note: str
    repeat_months: int
    follow_days: int
    domains: Mapping[str, Domain]

    @property
    def questions(self) -> dict[str, Question]:
        """All questions by ``domain.question``, in order."""
        return {
            f"{domain.code}.{question.code}": question
            for domain in self.domains.values()
            for question in domain.questions
        }


def read_screening(text: str, file: str) -> Screening:
    """Read and check a screening.

    Args:
        text: YAML.
        file: What to call it in messages.

    Raises:
        WrongScreening: With everything that is wrong.
    """
    try:
        data: Any = yaml.safe_load(text)
    except yaml.YAMLError as problem:
        raise WrongScreening([f"{file}：不是有效的 YAML：{problem}"]) from problem
    messages: list[str] = []
    if not _fits(data, _TOP, file, messages):
        raise WrongScreening(messages)
    domains = {}
    for code, written in data["domains"].items():
        where = f"{file}：{code}"
        if _fits(written, _DOMAIN, where, messages):
            domains[str(code)] = _domain(str(code), written, where, messages)
    if not domains:
        messages.append(f"{file}：domains 是空的，请写至少一个方面")
    if data["repeat_months"] < 1 or data["follow_days"] < 1:
        messages.append(f"{file}：repeat_months 和 follow_days 应至少为 1")
    if not data["verified"] and not data["note"].strip():
        messages.append(f"{file}：没有核对过的要写 note")
    if messages:
        raise WrongScreening(messages)
    plain = {key: data[key] for key in _TOP if key != "domains"}
    return Screening(**plain, domains=domains)


def _domain(code: str, written: Any, where: str, messages: list[str]) -> Domain:
    questions = []
    for number, one in enumerate(written["questions"], start=1):
        if not _fits(one, _QUESTION, f"{where} 第 {number} 题", messages):
            continue
        if one["bad"] not in ANSWERS:
            messages.append(f"{where} 第 {number} 题：bad 应是 yes 或 no，要加引号")
        questions.append(Question(**one))
    codes = [question.code for question in questions]
    if len(set(codes)) != len(codes):
        messages.append(f"{where}：题目的 code 有重复")
    if not questions and not messages:
        messages.append(f"{where}：没有题目")
    return Domain(code, written["name"], written["refer"], written["advice"], tuple(questions))


def _fits(data: Any, shape: Mapping[str, type], where: str, messages: list[str]) -> bool:
    if not isinstance(data, dict):
        messages.append(f"{where}：应为“名称: 内容”的形式")
        return False
    before = len(messages)
    strange = sorted(set(data) - set(shape), key=str)
    messages.extend(f"{where}：看不懂 {key}，请删去或改正" for key in strange)
    for key, kind in shape.items():
        value = data.get(key)
        wrong = not isinstance(value, kind) or (kind is int and isinstance(value, bool))
        if wrong:
            messages.append(f"{where}：{key} 没有写，或写的不是{_KINDS[kind]}")
    return len(messages) == before


_KINDS = {str: "文字", bool: " true 或 false", int: "整数", dict: "“名称: 内容”", list: "列表"}
