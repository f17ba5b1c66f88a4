"""What the answers tell of each domain: a problem, none, or not clear."""

from collections.abc import Mapping
from dataclasses import dataclass

from yanglao.engines.screening.scale import ANSWERS, Screening


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a screening found.

    Attributes:
        failed: Codes of domains with a problem, in the order of the scale.
        passed: Codes of domains where every question was answered and none tells of a problem.
        unclear: Codes of the others: a question was left out and nothing else decides.
        reasons: For each failed domain, the questions that told of it.
    """

    failed: tuple[str, ...]
    passed: tuple[str, ...]
    unclear: tuple[str, ...]
    reasons: Mapping[str, tuple[str, ...]]


def judge(scale: Screening, answers: Mapping[str, str]) -> Verdict:
    """Judge answers.

    Args:
        scale: The screening.
        answers: ``yes`` or ``no`` by ``domain.question``; what was not asked is left out.

    Raises:
        ValueError: For a question that the scale does not have, or another answer.
    """
    questions = scale.questions
    for code, answer in answers.items():
        if code not in questions:
            raise ValueError(f"没有“{code}”这一题。")
        if answer not in ANSWERS:
            raise ValueError(f"“{questions[code].ask}”只能答有（是）或没有（否）。")
    failed, passed, unclear, reasons = [], [], [], {}
    for domain in scale.domains.values():
        keys = [f"{domain.code}.{question.code}" for question in domain.questions]
        bad = tuple(key for key in keys if answers.get(key) == questions[key].bad)
        if bad:
            failed.append(domain.code)
            reasons[domain.code] = bad
        elif all(key in answers for key in keys):
            passed.append(domain.code)
        else:
            unclear.append(domain.code)
    return Verdict(tuple(failed), tuple(passed), tuple(unclear), reasons)
