"""Linkage: which person a row is about, when its ID number does not say so.

Pure: rows and people come as tables of a DuckDB connection, probabilities go out. Splink weighs
each pair by a model whose parameters are data with a version (``data/model-1.json``), so that the
same rows and people always give the same probabilities. What is sure and what a person must decide
are thresholds that the caller passes in.
"""

from yanglao.engines.linkage.blocking import block_pairs, people_to_compare
from yanglao.engines.linkage.conflicts import (
    ConflictRule,
    ConflictRules,
    Found,
    find_conflicts,
    read_conflict_rules,
)
from yanglao.engines.linkage.corrections import one_slip_away
from yanglao.engines.linkage.judging import (
    Judgement,
    Pair,
    Thresholds,
    Verdict,
    judge,
    least_that_counts,
)
from yanglao.engines.linkage.model import Model, load_model
from yanglao.engines.linkage.rules import WrongRules, read_thresholds
from yanglao.engines.linkage.weighing import weigh_pairs

__all__ = [
    "ConflictRule",
    "ConflictRules",
    "Found",
    "Judgement",
    "Model",
    "Pair",
    "Thresholds",
    "Verdict",
    "WrongRules",
    "block_pairs",
    "find_conflicts",
    "judge",
    "least_that_counts",
    "load_model",
    "one_slip_away",
    "people_to_compare",
    "read_conflict_rules",
    "read_thresholds",
    "weigh_pairs",
]
