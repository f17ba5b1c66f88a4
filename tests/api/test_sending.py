"""Pushing and evaluating: one pipeline, a verdict for every row, nothing twice, nothing vague."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.api.conftest import Caller, body_of, problem_of
from tests.web.desks.factories import COUNTY, OTHER_COUNTY, VILLAGE, World
from yanglao.domain.clients.public import Scope
from yanglao.domain.exchange.models import ReceivedList
from yanglao.domain.people.models import Person
from yanglao.flows.push_list import kinds_of_lists
from yanglao.kernel.idnumber import check_digit

pytestmark = pytest.mark.django_db
Make = Callable[..., Caller]
ASKED = f"division={COUNTY}&month=2026-10"


def number(serial: int, born: str = "19500101") -> str:
    first = f"653222{born}{serial:03}"
    return first + check_digit(first)


def household(serial: int, **more: Any) -> dict[str, Any]:
    return {
        "姓名": f"虚构人{serial}",
        "公民身份号码": number(serial),
        "户籍地区划代码": VILLAGE,
        **more,
    }


def test_rows_go_in_by_the_one_way_and_each_has_a_verdict(caller: Make) -> None:
    rows = [household(1), household(2, 公民身份号码="653222195001010000"), {"姓名": "合计"}]
    told = body_of(caller().post(f"lists/household?{ASKED}", {"rows": rows}))
    assert (told["received"], told["accepted"], told["returned"]) == (3, 1, 2)
    verdicts = [row["verdict"] for row in told["rows"]]
    assert verdicts == ["accepted", "returned", "returned"]
    assert told["rows"][1]["reasons"][0] and "合计" in told["rows"][2]["reasons"][0]
    assert Person.objects.filter(name="虚构人1").exists()
    kept = ReceivedList.objects.get(pk=told["list_id"])
    assert kept.kind == "household" and kept.accepted == 1


def test_lines_are_taken_as_well(caller: Make) -> None:
    lines = "\n".join(json.dumps(household(n)) for n in range(1, 6)) + "\n\n"
    answer = caller().post(f"lists/household?{ASKED}", lines, kind="application/x-ndjson")
    assert body_of(answer)["accepted"] == 5


@pytest.mark.parametrize("kind", [one["kind"] for one in kinds_of_lists()])
def test_every_kind_is_recognised_by_its_named_columns(kind: str, caller: Make) -> None:
    told = next(one for one in kinds_of_lists() if one["kind"] == kind)
    values = {"id": number(7), "card": number(7) + "11", "name": "虚构人七", "code": VILLAGE}
    values |= {"date": "2026-06-01", "month": "2026-06", "money": "100"}
    row = {}
    for column in told["columns"]:
        if column["required"]:
            row[column["name"]] = values.get(column["type"]) or column["values"][0]
    answer = body_of(caller().post(f"lists/{kind}?{ASKED}", {"rows": [row]}))
    assert answer["state"] == "taken_in", answer
    assert answer["received"] == 1 == answer["accepted"] + answer["returned"]


def test_the_same_push_twice_says_repeated_with_the_same_verdicts(caller: Make) -> None:
    one = caller()
    body = {"rows": [household(1), household(2, 公民身份号码="1")]}
    first = body_of(one.post(f"lists/household?{ASKED}", body))
    again = body_of(one.post(f"lists/household?{ASKED}", body))
    assert again["state"] == "repeated" and again["rows"] == first["rows"]
    assert again["received"] == again["accepted"] + again["returned"] == 2


def test_an_idempotency_key_acts_once(caller: Make) -> None:
    one, body = caller(), {"rows": [household(1), {"姓名": "合计"}]}
    path = f"lists/household?{ASKED}"
    first = one.post(path, body, Idempotency_Key="nightly-2026-10")
    again = one.post(path, body, Idempotency_Key="nightly-2026-10")
    assert first.content == again.content and first.status_code == 200
    assert ReceivedList.objects.count() == 1
    other = one.post(path, {"rows": [household(2)]}, Idempotency_Key="nightly-2026-10")
    problem_of(other, 422, "other-body")
    # The keys of one system mean nothing to another.
    assert body_of(caller().post(path, body, Idempotency_Key="nightly-2026-10"))["state"]
    problem_of(one.post(path, body, Idempotency_Key="键"), 422, "invalid")


def test_a_refused_push_frees_its_idempotency_key(caller: Make) -> None:
    one, path = caller(), "lists/household?division=653222999000"
    bad = one.post(path, {"rows": [household(1)]}, Idempotency_Key="nightly-01")
    problem_of(bad, 422, "invalid")
    good = one.post(
        f"lists/household?{ASKED}", {"rows": [household(1)]}, Idempotency_Key="nightly-01"
    )
    assert good.status_code == 200


def test_a_clerk_system_pushes_its_own_kinds_and_places(caller: Make) -> None:
    one = caller(Scope.PUSH_LISTS, kinds=["pension"])
    problem_of(one.post(f"lists/household?{ASKED}", {"rows": [household(1)]}), 403, "not-allowed")
    far = caller().post(f"lists/household?division={OTHER_COUNTY}", {"rows": [household(1)]})
    problem_of(far, 403, "not-allowed")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"rows": [{"姓名": "甲"}, {"名字": "乙"}]}, "/rows/1/名字"),
        ({"rows": [{"姓名": "甲\u0000"}]}, "/rows/0/姓名"),
        ({"rows": [{"姓名": "甲\u202e乙"}]}, "/rows/0/姓名"),
        ({"rows": [{"姓名": ["甲"]}]}, "/rows/0/姓名"),
        ({"rows": [{"姓名": "甲" * 500}]}, "/rows/0/姓名"),
        ({"rows": ["甲"]}, "/rows/0"),
        ({"rows": []}, "/rows"),
        ({"rows": {}}, "/rows"),
        ({"rows": [], "more": 1}, "/more"),
        ([], ""),
        ('{"rows": [{"姓名": "\\ud800"}]}', "/rows/0/姓名"),
    ],
)
def test_what_is_wrong_is_pointed_at(body: Any, pointer: str, caller: Make) -> None:
    told = problem_of(caller().post(f"lists/household?{ASKED}", body), 422, "invalid")
    assert told["errors"][0]["pointer"] == pointer
    assert not ReceivedList.objects.exists()


@pytest.mark.parametrize(
    "body",
    ["{", "NaN", '{"rows": NaN}', '{"rows": 1, "rows": 2}', b"\xff\xfe", "[" * 100_000],
)
def test_no_json_is_told_so(body: Any, caller: Make) -> None:
    problem_of(caller().post(f"lists/household?{ASKED}", body), 400, "bad-request")


def test_content_types_sizes_and_lengths(caller: Make, settings: Any) -> None:
    one, path = caller(), f"lists/household?{ASKED}"
    for kind in (
        "text/csv",
        "application/xml",
        "multipart/form-data",
        "application/json; charset=gbk",
    ):
        problem_of(one.post(path, "x", kind=kind), 415, "wrong-content-type")
    settings.API_MAX_BYTES = 1024
    problem_of(one.post(path, {"rows": [household(n) for n in range(50)]}), 413, "too-large")
    settings.API_MAX_BYTES = 10**9
    problem_of(one.post(path, "x" * 100_000, kind="application/x-ndjson"), 413, "too-large")
    problem_of(one.get("lists/household"), 405, "wrong-method")


def person(own: str, **more: Any) -> dict[str, Any]:
    return {"id": own, "birth_date": "1940-05-05", "place_code": VILLAGE, **more}


def test_evaluation_answers_as_the_match_does(caller: Make, world: World) -> None:
    facts = {"alive": True, "hukou_code": VILLAGE, "residence_code": VILLAGE, "living": "alone"}
    people = [person("甲", facts=facts), person("乙", facts=facts), {"id": "丙"}]
    told = body_of(caller().post("evaluate?as_of=2026-11-01", {"people": people}))
    first, second, third = told["people"]
    assert first["outcomes"] == second["outcomes"], "who is alike shares answers"
    answers = [told["outcomes"][at] for at in first["outcomes"]]
    ages = next(one for one in answers if one["item"] == "06")
    assert ages["status"] == "yes" and ages["reason"]
    unknown = [told["outcomes"][at] for at in third["outcomes"]]
    assert unknown and all(one["status"] == "possible" and one["missing"] for one in unknown)


def test_evaluation_in_portions_is_the_same_as_one_by_one(
    caller: Make, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    living = ("alone", "empty_nest", "with_children")
    people = [
        person(str(n), birth_date=f"{1930 + n}-01-01", facts={"living": living[n % 3]})
        for n in range(30)
    ]
    one = caller()

    def answers(told: dict[str, Any]) -> dict[str, list[str]]:
        shared = [json.dumps(outcome, sort_keys=True) for outcome in told["outcomes"]]
        return {p["id"]: sorted(shared[at] for at in p["outcomes"]) for p in told["people"]}

    whole = answers(body_of(one.post("evaluate?as_of=2026-11-01", {"people": people})))
    monkeypatch.setattr("yanglao.flows.evaluate_many._PORTION", 7)
    lines = "\n".join(json.dumps(p) for p in people)
    portions = one.post("evaluate?as_of=2026-11-01", lines, kind="application/x-ndjson")
    assert answers(body_of(portions)) == whole and len(whole) == 30


@pytest.mark.parametrize(
    ("bad", "pointer"),
    [
        ({"facts": {"nonsense": 1}}, "/people/0/facts/nonsense"),
        ({"facts": {"age": 80}}, "/people/0/facts/age"),
        ({"facts": {"alive": 1}}, "/people/0/facts/alive"),
        ({"facts": {"ability_level": 99}}, "/people/0/facts/ability_level"),
        ({"facts": {"ability_level": True}}, "/people/0/facts/ability_level"),
        ({"facts": {"living": "on the moon"}}, "/people/0/facts/living"),
        ({"facts": []}, "/people/0/facts"),
        ({"birth_date": "1940-02-30"}, "/people/0/birth_date"),
        ({"place_code": "x"}, "/people/0/place_code"),
        ({"name": "甲"}, "/people/0/name"),
        ({"id": ""}, "/people/0/id"),
    ],
)
def test_facts_are_checked(bad: dict[str, Any], pointer: str, caller: Make, world: World) -> None:
    body = {"people": [{**person("1"), **bad}]}
    told = problem_of(caller().post("evaluate?as_of=2026-11-01", body), 422, "invalid")
    assert told["errors"][0]["pointer"] == pointer


def test_evaluation_before_any_list_and_outside_the_area(caller: Make, world: World) -> None:
    one, body = caller(), {"people": [person("1")]}
    problem_of(one.post("evaluate?as_of=2000-01-01", body), 404, "not-found")
    far = one.post(f"evaluate?as_of={date(2026, 11, 1)}&division={OTHER_COUNTY}", body)
    problem_of(far, 403, "not-allowed")


def test_a_row_that_waits_says_so_and_is_accepted(caller: Make) -> None:
    one = caller()
    one.post(f"lists/household?{ASKED}", {"rows": [household(1), household(2)]})
    survey = {"常住地区划代码": VILLAGE, "居住状况": "独居"}
    rows = [
        {"姓名": "虚构人1", "公民身份号码": number(1), **survey},
        {"姓名": "虚构人2", **survey},
        {"姓名": "虚构人2", "公民身份号码": "6.53E+17", **survey},
    ]
    told = body_of(one.post(f"lists/survey?{ASKED}", {"rows": rows}))
    assert [row["verdict"] for row in told["rows"]] == ["accepted", "desk", "returned"], told
    assert "待人工确认" in told["rows"][1]["reasons"][0]
    assert (told["received"], told["accepted"], told["returned"]) == (3, 2, 1)
    kept = ReceivedList.objects.get(pk=told["list_id"])
    assert (kept.received, kept.accepted, kept.returned) == (3, 2, 1)
    again = body_of(one.post(f"lists/survey?{ASKED}", {"rows": rows}))
    assert again["state"] == "repeated" and again["rows"] == told["rows"]
    page = body_of(one.get(f"lists/{told['list_id']}/rows"))
    assert [row["verdict"] for row in page["rows"]] == ["desk", "returned"]
