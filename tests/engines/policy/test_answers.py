"""What comes out for people: keys, tiers, money, delivered, reasons; for one and for many."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from tests.engines.policy.conftest import HEADER
from tests.engines.policy.people import invent_people
from yanglao.engines.policy.compile import compile_pack
from yanglao.engines.policy.evaluate import MissingFacts, evaluate
from yanglao.engines.policy.explain import ItemAnswer, explain, explain_many
from yanglao.engines.policy.outcomes import Outcome
from yanglao.engines.policy.pack import Pack, PackErrors, load_pack
from yanglao.engines.policy.people import make_facts

WritePack = Callable[..., Path]
AS_OF = date(2026, 11, 1)
SERVED: dict[str, object] = {
    "alive": True,
    "hukou_code": "653201001001",
    "residence_code": "653201001001",
    "place_code": "653201001001",
}


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty session."""
    with duckdb.connect(":memory:") as made:
        yield made


def _outcomes(
    con: duckdb.DuckDBPyConnection, pack: Pack, *people: dict[str, object], as_of: date = AS_OF
) -> dict[tuple[int, str], Outcome]:
    con.execute("DROP TABLE IF EXISTS facts")
    make_facts(con, pack.vocabulary, [{**SERVED, **one} for one in people], as_of=as_of)
    meanings = {one.key: one for one in evaluate(con, compile_pack(pack, as_of))}
    rows = con.execute("SELECT person_id, item, outcome_key FROM result").fetchall()
    return {(person, item): meanings[key] for person, item, key in rows}


def test_a_yes_says_what_it_turned_on(con: duckdb.DuckDBPyConnection, hetian: Pack) -> None:
    """Facts with the values that may be kept, and a reason in one line."""
    found = _outcomes(con, hetian, {"age": 81, "assistance": "dibao", "ability_level": 4})
    one = found[1, "09"]
    assert one.status == 1
    assert one.used == {
        "alive": True,
        "age": None,
        "hukou_code": None,
        "residence_code": None,
        "assistance": "dibao",
        "ability_level": 4,
    }
    assert one.reason == (
        "已满 60 周岁；社会救助类别为低保；能力等级为 4 级（完全失能）；"
        "户籍地或常住地在和田地区；健在"
    )
    assert found[1, "06"].reason == "已满 80 周岁；户籍地或常住地在和田地区；健在"
    assert found[1, "05"].reason == "已满 65 周岁；常住地在和田地区；健在"


def test_a_possible_says_what_is_missing(con: duckdb.DuckDBPyConnection, hetian: Pack) -> None:
    """As the reading has it."""
    person = {"age": 70, "assistance": "dibao", "tekun_care": ""}
    one = _outcomes(con, hetian, person)[1, "09"]
    assert (one.status, one.missing) == (2, ("ability_level",))
    assert one.reason == "可能符合 护理补贴，缺：能力等级"
    assert one.used == {}


def test_a_birthday_alone_changes_nothing(con: duckdb.DuckDBPyConnection, hetian: Pack) -> None:
    """The key holds no age, day or place, so a year later the answer is the same one."""
    person = {"birth_date": date(1940, 6, 1), "assistance": "tekun", "place_code": "653201001001"}
    moved = {**person, "hukou_code": "653226100004", "residence_code": "653226100004"}
    first = _outcomes(con, hetian, person, moved)
    later = _outcomes(con, hetian, person, as_of=AS_OF + timedelta(365))
    assert {one.key for (who, _), one in first.items() if who == 1} == {
        one.key for one in later.values()
    }
    assert first[1, "07"].key == first[2, "07"].key


def test_a_changed_fact_changes_the_key(con: duckdb.DuckDBPyConnection, hetian: Pack) -> None:
    """What the answer turned on, what it lacks, whether it is delivered: each is another answer."""
    found = _outcomes(
        con,
        hetian,
        {"age": 70, "assistance": "dibao"},
        {"age": 70, "assistance": "tekun"},
        {"age": 70, "assistance": "dibao", "health_checked_on": AS_OF},
    )
    assert found[1, "07"].key != found[2, "07"].key
    assert found[1, "07"].key == found[3, "07"].key
    assert found[1, "05"].key != found[3, "05"].key


def test_keys_do_not_depend_on_the_pack_s_hash(
    con: duckdb.DuckDBPyConnection, hetian: Pack
) -> None:
    """A new version that leaves an item as it is changes nobody's answer for it."""
    source = dict(hetian.source)
    path = "hetian/catalogue.yaml"
    source[path] = source[path].replace("lead_days: 15", "lead_days: 20")
    other = Pack.from_source(source)
    assert other.hash != hetian.hash
    person = {"age": 82, "living": "alone"}
    before, after = (_outcomes(con, pack, person) for pack in (hetian, other))
    assert {key: one.key for key, one in before.items()} == {
        key: one.key for key, one in after.items()
    }


def test_the_result_has_the_agreed_shape(con: duckdb.DuckDBPyConnection, hetian: Pack) -> None:
    """Columns and types that the match relies on; one row a person and item; no row for no."""
    found = _outcomes(con, hetian, {"age": 59}, {"age": 60})
    shape = con.execute("DESCRIBE result").fetchall()
    assert [(row[0], row[1]) for row in shape] == [
        ("person_id", "BIGINT"),
        ("item", "VARCHAR"),
        ("status", "TINYINT"),
        ("outcome_key", "VARCHAR"),
    ]
    assert not [item for person, item in found if person == 1]
    twice = "SELECT 1 FROM result GROUP BY person_id, item HAVING count(*) > 1"
    assert not con.execute(twice).fetchall()
    left = con.execute("SELECT table_name FROM duckdb_tables()").fetchall()
    assert sorted(name for (name,) in left) == ["facts", "result"]


def test_a_facts_table_without_a_column_is_told(
    con: duckdb.DuckDBPyConnection, hetian: Pack
) -> None:
    """A forgotten column must not pass for unknown."""
    make_facts(con, hetian.vocabulary, [SERVED], as_of=AS_OF)
    con.execute("ALTER TABLE facts DROP COLUMN living")
    with pytest.raises(MissingFacts, match="living"):
        evaluate(con, compile_pack(hetian, AS_OF))


AMOUNTS = """
allowance:
  label: 津贴
  type: money
  unit: 分/人/月
  source: {document: 某文件, article: 第一条}
  bands:
    - {name: 80-89, from_age: 80, to_age: 89}
    - {name: 90+, from_age: 90}
  amounts:
    - {place: "6532", band: 80-89, values: [{from: 2020-01-01, value: 5000}]}
    - {place: "6532", band: 90+, values: [{from: 2020-01-01, value: 10000}]}
    - place: "653201"
      band: 80-89
      values: [{from: 2020-01-01, value: 6000}, {from: 2026-12-01, value: 7000}]
    - {place: "653221", band: 90+, values: [{from: 2020-01-01, value: null}]}
"""


def test_money_by_place_and_age_band(con: duckdb.DuckDBPyConnection, write_pack: WritePack) -> None:
    """The nearest place counts, the place above fills what it does not say; else no amount."""
    who = "age >= 60\n    amount: {parameter: allowance, per: month}"
    root = write_pack({"01": who}, try__parameters__amounts=AMOUNTS)
    pack = load_pack("try", root, cases=False)
    people = (
        ({"age": 80, "place_code": "653201001001"}, 6000),
        ({"age": 95, "place_code": "653201001001"}, 10000),
        ({"age": 89, "place_code": "653221001001"}, 5000),
        ({"age": 90, "place_code": "653221001001"}, 10000),
        ({"age": 79, "place_code": "653201001001"}, None),
        ({"age": 80, "place_code": "110101001001"}, None),
        ({"age": 80, "place_code": None}, None),
        ({"place_code": "653201001001"}, None),
    )
    found = _outcomes(con, pack, *(person for person, _ in people))
    amounts = [found[number, "01"].amount_fen for number in range(1, len(people) + 1)]
    assert amounts == [amount for _, amount in people]
    later = _outcomes(con, pack, people[0][0], as_of=date(2026, 12, 1))
    assert later[1, "01"].amount_fen == 7000
    compiled = compile_pack(pack, AS_OF)
    con.execute("DROP TABLE facts")
    make_facts(con, pack.vocabulary, [{**SERVED, "age": 80}], as_of=AS_OF)
    assert explain(con, compiled, "facts", 1)[0].amount_fen == 6000


def test_money_of_hetian_is_only_what_the_document_says(
    con: duckdb.DuckDBPyConnection, hetian: Pack
) -> None:
    """110 yuan for both disability allowances; the senior allowance is not published."""
    person: dict[str, object] = {"age": 85, "assistance": "dibao", "disability_grade": 1}
    found = _outcomes(con, hetian, {**person, "needs_long_term_care": True})
    assert (found[1, "16a"].amount_fen, found[1, "16b"].amount_fen) == (11000, 11000)
    assert found[1, "06"].amount_fen is None
    assert not hetian.parameters["senior_allowance"].verified


def test_a_day_without_parameter_value_is_told(write_pack: WritePack) -> None:
    """Compiling for a day on which an age limit does not hold says which and where."""
    ages = """
limit:
  label: 年龄
  type: int
  unit: 周岁
  source: {document: 某文件, article: 第一条}
  values: [{from: 2024-01-01, value: 60}, {from: 2030-01-01, value: null}]
"""
    root = write_pack({"01": "age >= :limit"}, try__parameters__ages=ages)
    pack = load_pack("try", root, cases=False)
    assert compile_pack(pack, date(2029, 12, 31)).items
    with pytest.raises(PackErrors, match="2030-01-01 没有生效的值"):
        compile_pack(pack, date(2030, 1, 1))


def test_keys_wider_than_one_column(con: duckdb.DuckDBPyConnection, write_pack: WritePack) -> None:
    """An item with very many conditions takes several key columns and answers the same."""
    many = " OR ".join(f"recent(ltci_assessed_on, {months})" for months in range(1, 40))
    pack = load_pack("try", write_pack({"01": many, "02": "age >= 60"}), cases=False)
    assert compile_pack(pack, AS_OF).words == 2
    found = _outcomes(
        con, pack, {"ltci_assessed_on": AS_OF - timedelta(1100)}, {"age": 60}, {"age": 59}
    )
    told = {key: (one.status, one.missing) for key, one in found.items()}
    assert told == {
        (1, "01"): (1, ()),
        (1, "02"): (2, ("age",)),
        (2, "01"): (2, ("ltci_assessed_on",)),
        (2, "02"): (1, ()),
        (3, "01"): (2, ("ltci_assessed_on",)),
    }


def test_a_region_changes_no_answer(con: duckdb.DuckDBPyConnection, hetian: Pack) -> None:
    """A county's run gives a person what the prefecture's gives."""
    people = invent_people(hetian.vocabulary, 200, AS_OF, seed=3)
    make_facts(con, hetian.vocabulary, people, as_of=AS_OF)
    evaluate(con, compile_pack(hetian, AS_OF, "653200000000"), into="wide")
    evaluate(con, compile_pack(hetian, AS_OF, "653201000000"), into="narrow")
    assert not con.execute("FROM wide EXCEPT FROM narrow").fetchall()
    assert not con.execute("FROM narrow EXCEPT FROM wide").fetchall()


def _one(answers: list[ItemAnswer], item: str) -> ItemAnswer:
    return next(one for one in answers if one.item == item)


def test_one_person_sees_every_condition(con: duckdb.DuckDBPyConnection, hetian: Pack) -> None:
    """Yes, no and possible, each condition with the person's own value."""
    person = {**SERVED, "birth_date": date(1950, 5, 1), "living": "alone", "disability_grade": -1}
    make_facts(con, hetian.vocabulary, [person], as_of=AS_OF)
    answers = explain(con, compile_pack(hetian, AS_OF), "facts", 1)
    assert [one.item for one in answers] == list(hetian.items)
    visit = _one(answers, "14")
    assert visit.status == "yes"
    told = {leaf.sentence: (leaf.truth, leaf.value) for leaf in visit.leaves}
    assert told["年满 60 周岁"] == (True, "76 周岁")
    assert told["居住状况不是住在养老机构"] == (True, "独居")
    assert told["居住状况是独居"] == (True, "独居")
    assert told["残疾等级是一级或二级"] == (False, "没有有效的残疾人证")
    assert told["能力等级在 1 级（轻度失能）及以上"] == (None, "未知")
    senior = _one(answers, "06")
    assert (senior.status, senior.reason) == ("no", "不符合：未满 80 周岁")
    assert _one(answers, "11").missing == ("assistance",)


def test_a_person_who_is_not_there_is_told(con: duckdb.DuckDBPyConnection, hetian: Pack) -> None:
    """No row is not the same as no."""
    make_facts(con, hetian.vocabulary, [SERVED], as_of=AS_OF)
    with pytest.raises(LookupError):
        explain(con, compile_pack(hetian, AS_OF), "facts", 2)


def test_why_many_answers_are_what_they_are(con: duckdb.DuckDBPyConnection, hetian: Pack) -> None:
    """For lost ones: what fails. Only the pairs that are asked for, shared reasons once."""
    people = [
        {**SERVED, "age": 70, "assistance": "", "alive": False},
        {**SERVED, "age": 70, "assistance": ""},
        {**SERVED, "age": 75, "assistance": ""},
        {**SERVED, "age": 70},
        {**SERVED, "age": 70, "assistance": "dibao"},
    ]
    make_facts(con, hetian.vocabulary, people, as_of=AS_OF)
    con.execute("CREATE TABLE lost AS SELECT i AS person_id, '07' AS item FROM range(1, 10) t(i)")
    found = {one.key: one for one in explain_many(con, compile_pack(hetian, AS_OF), "lost")}
    rows = con.execute("SELECT * FROM why ORDER BY person_id").fetchall()
    assert [(person, item, status) for person, item, status, _ in rows] == [
        (1, "07", 0),
        (2, "07", 0),
        (3, "07", 0),
        (4, "07", 2),
        (5, "07", 1),
    ]
    why = [found[key] for *_, key in rows]
    assert why[0].sentences == ("已故", "不在社会救助名单")
    assert why[1] == why[2]
    assert (why[1].sentences, why[1].facts) == (("不在社会救助名单",), ("assistance",))
    assert why[3].sentences == ("社会救助类别未知",)
    assert why[4].sentences == ("已满 60 周岁", "社会救助类别为低保")


def test_people_without_a_birth_date_or_by_age(
    con: duckdb.DuckDBPyConnection, hetian: Pack
) -> None:
    """``make_facts`` takes an age for a birthday on the day, and refuses what is no fact."""
    as_of = date(2024, 2, 29)
    make_facts(con, hetian.vocabulary, [{"age": 61}, {"age": 60}, {}], as_of=as_of)
    born = con.execute("SELECT birth_date FROM facts ORDER BY person_id").fetchall()
    assert born == [(date(1963, 2, 28),), (date(1964, 2, 29),), (None,)]
    with pytest.raises(KeyError, match="livng"):
        make_facts(con, hetian.vocabulary, [{"livng": "alone"}], as_of=as_of, table="other")


def test_served_is_written_once_and_may_be_overridden(
    con: duckdb.DuckDBPyConnection, hetian: Pack, write_pack: WritePack
) -> None:
    """Seventeen items share it; item 17 is served where the person is found."""
    own = [code for code, item in hetian.items.items() if "served" in item.texts]
    assert own == ["17"]
    stranger = {"age": 70, "in_relief": True, "hukou_code": "elsewhere", "residence_code": None}
    found = _outcomes(con, hetian, stranger)
    assert found[1, "17"].status == 1
    assert found[1, "17"].used == {"alive": True, "age": None, "in_relief": True}
    without = HEADER.replace("served: alive AND within(hukou_code, '6532')", "")
    with pytest.raises(PackErrors, match="没有服务范围"):
        load_pack("try", write_pack({"01": "age >= 60"}, without), cases=False)


def test_outcomes_are_values(con: duckdb.DuckDBPyConnection, hetian: Pack) -> None:
    """Two runs give equal outcomes, not only equal keys."""
    people = invent_people(hetian.vocabulary, 100, AS_OF, seed=9)
    make_facts(con, hetian.vocabulary, people, as_of=AS_OF)
    compiled = compile_pack(hetian, AS_OF)
    assert evaluate(con, compiled) == evaluate(con, compiled)
    assert replace(evaluate(con, compiled)[0], key="x").key == "x"
