"""Why an answer differs: which fact, which birthday, or which version of the pack.

The facts that a run saw are kept beside it (``foundation.snapshots``), so the cause is what really
changed between the two runs, among the facts that the item's rule turns on.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from yanglao.domain.entitlements.facts import as_text, cause_sql, told_parts, told_sql
from yanglao.domain.entitlements.types import FactWords, ItemRule
from yanglao.foundation.analytics import AnalyticSession


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
        note = as_text(self.pack_note or "名单有更新")
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
