"""Any rule that can be said, for Hypothesis: every kind of condition, every kind of join."""

from datetime import date

from hypothesis import strategies as st

from yanglao.engines.policy import rules

_NUMBERS = st.integers(0, 4).map(rules.Literal)
_AREAS = st.sampled_from(("65", "6532", "653201", "653201001", "44")).map(rules.Literal)
_DATES = st.sampled_from((date(2025, 11, 1), date(2026, 1, 1))).map(rules.Literal)
_WORDS = st.sampled_from(("tekun", "dibao", "expense")).map(rules.Literal)
_OPS = st.sampled_from(("=", "<>", "<", "<=", ">", ">="))
_LEAVES: st.SearchStrategy[rules.Node] = st.one_of(
    st.sampled_from(("alive", "dementia", "ltci_insured")).map(rules.BoolFact),
    st.builds(
        rules.Compare, st.sampled_from(("ability_level", "disability_grade")), _OPS, _NUMBERS
    ),
    st.builds(
        rules.Compare, st.just("age"), _OPS, st.sampled_from((60, 65, 80)).map(rules.Literal)
    ),
    st.builds(rules.Compare, st.just("assistance"), st.sampled_from(("=", "<>")), _WORDS),
    st.builds(rules.Compare, st.just("ltci_assessed_on"), _OPS, _DATES),
    st.builds(rules.In, st.just("assistance"), st.tuples(_WORDS, _WORDS)),
    st.builds(rules.In, st.just("disability_grade"), st.tuples(_NUMBERS, _NUMBERS)),
    st.builds(rules.Between, st.just("ltci_level"), _NUMBERS, _NUMBERS),
    st.builds(rules.Within, st.sampled_from(("hukou_code", "residence_code")), _AREAS),
    st.builds(rules.Known, st.sampled_from(("living", "assistance", "age"))),
    st.just(rules.SameYear("health_checked_on")),
    st.builds(
        rules.Recent, st.just("ltci_assessed_on"), st.sampled_from((1, 12)).map(rules.Literal)
    ),
)


def _branches(children: st.SearchStrategy[rules.Node]) -> st.SearchStrategy[rules.Node]:
    pairs = st.lists(children, min_size=2, max_size=3).map(tuple)
    derived = children.map(lambda node: rules.DerivedRef("made", "推导", node))
    return st.one_of(pairs.map(rules.And), pairs.map(rules.Or), children.map(rules.Not), derived)


RULES = st.recursive(_LEAVES, _branches, max_leaves=8)
