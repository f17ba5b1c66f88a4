"""我能享受什么: few questions, the same rules, nothing kept."""

from datetime import date

import pytest

from tests.flows import population as p
from yanglao.flows.answer_public import UNSURE, answer, questions

pytestmark = pytest.mark.django_db


def by_code(answers: dict[str, str], as_of: date = p.AS_OF) -> dict[str, str]:
    return {one.code: one.status for one in answer(answers, as_of)}


def test_at_most_eight_questions_each_with_unsure() -> None:
    p.publish()
    found = questions(p.AS_OF)
    assert 1 <= len(found) <= 8
    assert all(one.options[-1].value == UNSURE for one in found)


def test_the_same_rules_answer() -> None:
    p.publish()
    found = by_code(
        {
            "born": "1940",
            "place": "both",
            "assistance": "dibao",
            "living": "alone",
            "care": "3",
            "disability": "1y",
            "merit": "no",
            "pension": "rn",
        }
    )
    assert found["06"] == found["07"] == found["09"] == found["11"] == "yes"
    assert found["02"] == found["14"] == found["16a"] == found["16b"] == "yes"
    assert found["01"] == found["12"] == found["15"] == found["17"] == "no"


def test_unsure_is_possible_and_a_birth_year_may_be_either() -> None:
    p.publish()
    found = answer({"born": "1946", "place": "both"}, p.AS_OF)
    allowance = next(one for one in found if one.code == "06")
    assert (allowance.status, allowance.missing) == ("possible", ("出生日期",))
    unsure = by_code({"born": "1940", "place": "both", "assistance": UNSURE})
    assert unsure["11"] == "possible"
    nothing = by_code({})
    assert set(nothing.values()) <= {"possible", "no"}


def test_nothing_is_stored(django_assert_num_queries) -> None:
    from yanglao.foundation.models import AuditEntry

    p.publish()
    before = AuditEntry.objects.count()
    answer({"born": "1940", "place": "both"}, p.AS_OF)
    with django_assert_num_queries(2) as seen:
        answer({"born": "1940", "place": "both"}, p.AS_OF)
    assert all(query["sql"].lstrip().startswith("SELECT") for query in seen.captured_queries)
    assert AuditEntry.objects.count() == before
