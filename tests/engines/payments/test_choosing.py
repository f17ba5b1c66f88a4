"""No double payment: the table's checks, and the choice against every set and every world."""

from itertools import product
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engines.payments.histories import COMPATIBILITY, TABLE
from yanglao.engines.payments.choosing import Claim, choose, explain
from yanglao.engines.payments.compatibility import (
    Compatibility,
    Relation,
    Table,
    load_compatibility,
    read_compatibility,
)
from yanglao.engines.payments.months import read_month
from yanglao.engines.payments.reading import TermsErrors
from yanglao.engines.payments.terms import read_terms
from yanglao.ops.bench import reckoning as oracle

POLICIES = Path(__file__).parents[3] / "policies"
HETIAN = load_compatibility("hetian", POLICIES)
AMOUNTS = (0, 100, 150, 150, 220, 400)


def _table(compatibility: Compatibility = HETIAN) -> Table:
    table = compatibility.in_force(read_month("2024-06"))
    assert table is not None
    return table


@settings(deadline=None)
@given(
    st.sets(st.sampled_from(list(HETIAN.benefits)), min_size=1, max_size=8),
    st.randoms(use_true_random=False),
)
def test_any_number_of_benefits_at_once(codes: set[str], random: Random) -> None:
    """Known claims are paid as the one stable set says, whatever the order they come in."""
    claims = [(code, random.choice(AMOUNTS)) for code in sorted(codes)]
    random.shuffle(claims)
    table = _table()
    made = choose((Claim(code, True, fen) for code, fen in claims), table)
    assert {c.benefit: c.paid for c in made} == oracle.pay_known(table, claims)
    for one in made:
        assert one.state != "held"
        assert one.due is not None
        assert one.paid + one.not_paid == one.due
        assert explain(one, HETIAN.benefits)
    _no_forbidden_pair(made, table)
    random.shuffle(claims)
    assert made == choose((Claim(code, True, fen) for code, fen in claims), table)


def _no_forbidden_pair(made, table: Table) -> None:
    """No two benefits paid in one month that exclude each other or of which the higher is meant."""
    paid = [one.benefit for one in made if one.paid]
    for number, one in enumerate(paid):
        for other in paid[number + 1 :]:
            row = table.between(one, other)
            assert row is None or row.kind in ("ALLOW", "DIFFERENCE")


@settings(deadline=None)
@given(
    st.sets(st.sampled_from(list(HETIAN.benefits)), min_size=1, max_size=6),
    st.randoms(use_true_random=False),
)
def test_what_is_unknown_pays_nothing_that_hangs_on_it(codes: set[str], random: Random) -> None:
    """A benefit is paid only if it is paid, and the same, however the unknown turns out."""
    table = _table()
    kinds = {
        code: random.choice(("known", "known", "unknown", "no_amount")) for code in sorted(codes)
    }
    amounts = {code: random.choice(AMOUNTS) for code in sorted(codes)}
    made = choose(
        (
            Claim(c, k != "unknown", None if k == "no_amount" else amounts[c])
            for c, k in kinds.items()
        ),
        table,
    )
    worlds = [
        {
            "known": [amounts[code]],
            "unknown": [None, amounts[code]],
            "no_amount": [0, 125, 160, 1000],
        }[kind]
        for code, kind in kinds.items()
    ]
    for world in product(*worlds):
        claims = [(c, fen) for c, fen in zip(kinds, world, strict=True) if fen is not None]
        truth = oracle.pay_known(table, claims)
        for one in made:
            if one.state == "paid":
                assert truth[one.benefit] == one.paid, (made, world)
            if one.state == "not_paid":
                assert truth.get(one.benefit, 0) == 0, (made, world)
    _no_forbidden_pair(made, table)


def test_the_reason_names_the_other_the_money_and_the_clause() -> None:
    """长护险 300 yuan, 护理补贴 450: 150 are paid and 300 are not."""
    made = choose([Claim("nursing_subsidy", True, 45000), Claim("ltc", True, 30000)], _table())
    nursing = next(one for one in made if one.benefit == "nursing_subsidy")
    assert (nursing.paid, nursing.not_paid, nursing.code) == (15000, 30000, "difference")
    words = explain(nursing, HETIAN.benefits)
    assert "补差 150.00 元" in words and "少发 300.00 元" in words and "依据" in words
    held = choose([Claim("nursing_subsidy", True, 45000), Claim("ltc", False, None)], _table())
    assert {(c.benefit, c.state, c.paid) for c in held} == {
        ("ltc", "held", 0),
        ("nursing_subsidy", "held", 0),
    }
    with pytest.raises(ValueError, match="twice"):
        choose([Claim("ltc", True, 1), Claim("ltc", True, 1)], _table())


def test_without_a_table_two_benefits_are_held() -> None:
    """Before the first version nothing says what goes together."""
    made = choose([Claim("a", True, 1), Claim("b", True, 2)], None)
    assert [one.state for one in made] == ["held", "held"]
    assert choose([Claim("a", True, 1)], None)[0].paid == 1


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (
            "[nursing, disability], relation: HIGHER_OF",
            "[nursing, nobody], relation: HIGHER_OF",
            "不能是“nobody”",
        ),
        (
            "[nursing, disability], relation: HIGHER_OF",
            "[nursing, nursing], relation: HIGHER_OF",
            "两个不同的",
        ),
        (
            "      - {pair: [nursing, disability], relation: HIGHER_OF, clause: 一}\n",
            "",
            "却没有写关系",
        ),
        ("base: outside, clause: 二", "base: nursing, clause: 二", "停不了它"),
        (
            "[nursing, disability], relation: HIGHER_OF, clause: 一}",
            "[nursing, disability], relation: HIGHER_OF, clause: 一}\n"
            "      - {pair: [disability, nursing], relation: ALLOW, clause: 一}",
            "互相矛盾",
        ),
        (
            "[disability, outside], relation: ALLOW, clause: 三}",
            "[disability, outside], relation: ALLOW, clause: 三}\n"
            "      - {pair: [disability, tekun], relation: EXCLUDE, keep: disability, clause: 三}",
            "绕成了圈",
        ),
        (
            "relation: EXCLUDE, keep: tekun, clause: 四",
            "relation: EXCLUDE, clause: 四",
            "没有写 keep",
        ),
        ("relation: ALLOW, clause: 三", "relation: ALLOWED, clause: 三", "是不是“ALLOW”"),
        ("from: 2025-01", "from: 2023-01", "先后排列"),
        ("purpose: support", "purpose: suport", "是不是“support”"),
    ],
)
def test_a_wrong_table_is_refused_with_its_place(old: str, new: str, what: str) -> None:
    """Contradictions, rings, unknown names, gaps: file, line, what to do."""
    assert old in TABLE
    with pytest.raises(TermsErrors) as told:
        read_compatibility({"t/compatibility.yaml": TABLE.replace(old, new)})
    found = [p for p in told.value.problems if what in p.what]
    assert found, str(told.value)
    assert found[0].file == "t/compatibility.yaml" and found[0].line > 0 and found[0].do


def test_higher_of_and_exclude_among_the_same_benefits_is_a_contradiction() -> None:
    """a–b higher of, b–c higher of, a excludes c: no answer would suit all amounts."""
    text = """
title: 试
benefits:
  a: {name: 甲, purpose: care}
  b: {name: 乙, purpose: care}
  c: {name: 丙, purpose: care}
versions:
  - from: 2024-01
    pairs:
      - {pair: [a, b], relation: HIGHER_OF, clause: 一}
      - {pair: [b, c], relation: HIGHER_OF, clause: 一}
      - {pair: [a, c], relation: EXCLUDE, keep: c, clause: 一}
"""
    with pytest.raises(TermsErrors, match="一处择高、一处互斥"):
        read_compatibility({"t.yaml": text})


def test_a_region_says_otherwise_from_a_month_on_and_not_before() -> None:
    """The later file wins for its pair; earlier months stay as they were."""
    region = """
title: 试验县
inherits: t
versions:
  - from: 2024-07
    pairs:
      - {pair: [disability, nursing], relation: ALLOW, clause: 县十}
"""
    both = read_compatibility({"t/compatibility.yaml": TABLE, "x/compatibility.yaml": region})
    kinds = []
    for month in ("2024-06", "2024-07", "2025-03"):
        table = both.in_force(read_month(month))
        assert table is not None
        row: Relation | None = table.between("nursing", "disability")
        assert row is not None
        kinds.append(row.kind)
    assert kinds == ["HIGHER_OF", "ALLOW", "ALLOW"]
    assert both.in_force(read_month("2023-12")) is None
    assert COMPATIBILITY.in_force(read_month("2025-03")) is not None


def test_the_packs_files_can_be_used() -> None:
    """What stands in policies/ loads; every item that is money has terms."""
    text = (POLICIES / "hetian" / "payments.yaml").read_text(encoding="utf-8")
    terms = read_terms(text, "hetian/payments.yaml", HETIAN.benefits)
    for item, benefit in HETIAN.items.items():
        assert HETIAN.of_item(item) is not None
        assert terms.in_force(benefit, read_month("2024-01")) is not None
    assert HETIAN.unverified() and terms.unverified()
