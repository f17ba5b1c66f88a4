"""Why an answer differs: which fact, which birthday, or which version of the pack.

The facts that a run saw are kept beside it (``foundation.snapshots``), so the cause is what really
changed between the two runs, among the facts that the item's rule turns on.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from yanglao.domain.entitlements.types import FactWords, ItemRule
from yanglao.foundation.analytics import AnalyticSession

_LONGEST = 300
_NEW_FILE = "新建档案"
_NO_FILE = "档案不在本次范围内"


class Causes:
    """Writes ``change_cause`` (person_id, item_id, cause) for every row of ``item_change``.

    Needs in the session: ``facts``; ``facts_before`` with the same columns and ``seen_on`` (the
    as-of day of the run that saw them), or no such table when nothing was kept.
    """

    def __init__(
        self,
        session: AnalyticSession,
        *,
        words: Mapping[str, FactWords],
        rules: Sequence[ItemRule],
        as_of: date,
        pack_note: str,
    ) -> None:
        """Keep what causes are told with.

        Args:
            session: With the tables of the comparison.
            words: By fact name.
            rules: One for each item.
            as_of: The day of this run.
            pack_note: What to say when the version of the pack is the cause; ``""`` when both
                runs stand on the same version.
        """
        self.session = session
        self.words = words
        self.rules = rules
        self.as_of = as_of
        self.pack_note = pack_note

    def tell(self, *, with_facts: bool) -> None:
        """Make ``change_cause``.

        Args:
            with_facts: Whether ``facts_before`` is there.
        """
        self.session.con.execute(
            "CREATE TABLE change_cause (person_id BIGINT, item_id BIGINT, cause VARCHAR)"
        )
        for rule in self.rules:
            self.session.con.execute(
                f"INSERT INTO change_cause {self._with(rule) if with_facts else self._plain(rule)}"
            )

    def _plain(self, rule: ItemRule) -> str:
        note = _text(self.pack_note or "名单有更新")
        return f"SELECT person_id, item_id, {note} FROM item_change WHERE item_id = {rule.item_id}"

    def _with(self, rule: ItemRule) -> str:
        """Return the query for one item."""
        told = told_sql(list(told_parts(rule, self.words, self.as_of).values()))
        return f"""SELECT person_id, item_id, {cause_sql(self.as_of, self.pack_note)}
            FROM (SELECT c.person_id, c.item_id, n.person_id AS f, o.person_id AS o, o.seen_on,
                    {told} AS told
                FROM item_change AS c
                LEFT JOIN facts AS n ON n.person_id = c.person_id
                LEFT JOIN facts_before AS o ON o.person_id = c.person_id
                WHERE c.item_id = {rule.item_id})"""


def cause_sql(as_of: date, pack_note: str) -> str:
    """SQL of the cause, over ``f`` and ``o`` (the person now and before), ``seen_on``, ``told``.

    Args:
        as_of: The day of this run.
        pack_note: As with :class:`Causes`.
    """
    day, note = f"DATE '{as_of.isoformat()}'", _text(pack_note)
    passed = f"'日期推移：' || strftime(seen_on, '%Y-%m-%d') || ' → {as_of.isoformat()}'"
    return f"""left(CASE
        WHEN f IS NULL THEN {_text(_NO_FILE)}
        WHEN o IS NULL THEN {_text(_NEW_FILE)}
        WHEN told <> '' AND {note} <> '' THEN told || '；' || {note}
        WHEN told <> '' THEN told
        WHEN {note} <> '' THEN {note}
        WHEN seen_on <> {day} THEN {passed}
        ELSE '名单有更新' END, {_LONGEST})"""


def told_parts(rule: ItemRule, words: Mapping[str, FactWords], as_of: date) -> Mapping[str, str]:
    """SQL of each thing that may have changed for an item, over facts now ``n`` and before ``o``.

    Args:
        rule: Which facts and ages matter.
        words: By fact name.
        as_of: The day of this run; ``o.seen_on`` is that of the run before.

    Returns:
        In telling order, by a name that is the same for the same thing in every item; NULL where
        nothing changed.
    """
    facts = {f"fact_{name}": _told(words[name]) for name in rule.facts if name in words}
    return facts | {f"age_{age}": _birthday(age, as_of) for age in rule.ages}


def told_sql(parts: Sequence[str]) -> str:
    """SQL of what changed, out of the parts that concern an item; may be ``''``."""
    return f"concat_ws('；', {', '.join(parts)})" if parts else "''"


def _told(words: FactWords) -> str:
    """Return SQL that tells a fact's old and new value when they differ, else NULL."""
    old, new = (_value(words, f'{side}."{words.name}"') for side in ("o", "n"))
    return (
        f'CASE WHEN o."{words.name}" IS DISTINCT FROM n."{words.name}" '
        f"THEN {_text(words.label + '：')} || {old} || ' → ' || {new} END"
    )


def _value(words: FactWords, column: str) -> str:
    """Return SQL for a value as people read it."""
    known = "".join(
        f" WHEN {_text(value)} THEN {_text(label)}" for value, label in words.values.items()
    )
    none = _text(words.none or "无")
    unit = f" || {_text(words.unit)}" if words.unit else ""
    nones = "".join(f" WHEN '{value}' THEN {none}" for value in ("", "-1", "0001-01-01"))
    text = f"CAST({column} AS VARCHAR)"
    return f"CASE {text}{known}{nones} ELSE coalesce({text}{unit}, '未知') END"


def _birthday(age: int, as_of: date) -> str:
    """Return SQL that tells a birthday which reached an age, else NULL."""
    now, then = _years(f"DATE '{as_of.isoformat()}'"), _years("o.seen_on")
    return (
        f"CASE WHEN {then} < {age} AND {now} >= {age} THEN '年满 {age} 周岁' "
        f"WHEN {then} >= {age} AND {now} < {age} THEN '未满 {age} 周岁' END"
    )


def _years(day: str) -> str:
    """Return SQL for whole years from ``n.birth_date``; of 29 February reached on 1 March."""
    born = "n.birth_date"
    return (
        f"(year({day}) - year({born}) - CAST(month({day}) * 100 + day({day}) "
        f"< month({born}) * 100 + day({born}) AS INTEGER))"
    )


def _text(words: str) -> str:
    """Return an SQL literal."""
    return "'" + words.replace("'", "''") + "'"
