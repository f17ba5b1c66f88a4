"""Whether a rule divides people at all: one that nobody or everybody meets is a mistake."""

from collections.abc import Iterable, Mapping
from datetime import date

import duckdb

from yanglao.engines.policy import rules
from yanglao.engines.policy.catalogue import Item
from yanglao.engines.policy.grid import corner_values, grid_sql
from yanglao.engines.policy.problems import ProblemLog, Spot
from yanglao.engines.policy.sql import leaf_sql
from yanglao.engines.policy.trees import grow, tree_sql
from yanglao.engines.policy.vocabulary import Vocabulary
from yanglao.kernel.no_spill import in_memory

_MOST = 60_000
# Whether a rule divides people does not depend on the day; this one keeps messages repeatable.
_DAY = date(2026, 11, 1)


def check_sense(
    items: Iterable[Item],
    values: Mapping[str, rules.Scalar],
    vocabulary: Vocabulary,
    log: ProblemLog,
) -> None:
    """Try every item's rules on people at all corners; note those that do not divide them.

    Args:
        values: Parameters in force.
        log: Gets the problems.
    """
    seen: dict[rules.Node, tuple[bool, bool]] = {}
    with duckdb.connect(":memory:", config=in_memory(threads=1)) as con:
        for item in items:
            for key, node in (("served", item.served), ("who", item.who)):
                fixed = rules.resolve(node, dict(values))
                if fixed not in seen:
                    seen[fixed] = _tried(con, fixed, vocabulary)
                _tell(item, key, item.spots.get(key, item.spot), seen[fixed], log)


def _tried(
    con: duckdb.DuckDBPyConnection, node: rules.Node, vocabulary: Vocabulary
) -> tuple[bool, bool]:
    """Whether everybody, and whether nobody, at the corners meets a rule; all facts known."""
    leaves = list(dict.fromkeys(rules.leaves_of(node)))
    as_of = _DAY
    grid = grid_sql(corner_values(leaves, vocabulary, as_of, unknown=False), _MOST)
    text = tree_sql(grow(node, leaves.index), lambda i: leaf_sql(leaves[i], vocabulary, as_of))
    found = con.execute(f"SELECT bool_and({text}), bool_or({text}) FROM ({grid})").fetchone()
    assert found is not None  # noqa: S101 (an aggregate always has a row)
    return bool(found[0]), not found[1]


def _tell(item: Item, key: str, spot: Spot, tried: tuple[bool, bool], log: ProblemLog) -> None:
    """Note a rule that does not divide."""
    everybody, nobody = tried
    if everybody:
        what = f"项目 {item.code} 的 {key} 对所有人都成立，等于没有条件"
        spot.note(log, what, "请检查 OR 与数值，写出真正的条件")
    if nobody:
        spot.note(log, f"项目 {item.code} 的 {key} 谁都不可能符合", "请检查互相矛盾的条件")
