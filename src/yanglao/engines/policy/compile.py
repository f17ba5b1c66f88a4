"""From a pack to SQL: one boolean column a distinct condition, one status and one key an item.

Every item's answer depends on a person only through the states of its own conditions, the exact
values it may keep (enumerated facts and small numbers, never ages, days or places) and, for money,
the place. These are packed into whole numbers, the *key* of the combination. The database tells
for everybody status and key; what a key means is worked out once per distinct key (``outcomes``).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from yanglao.engines.policy import rules
from yanglao.engines.policy.catalogue import Item
from yanglao.engines.policy.pack import Pack
from yanglao.engines.policy.problems import PackErrors, PackProblem
from yanglao.engines.policy.sentence import Wording
from yanglao.engines.policy.sql import AGE, age_column, leaf_sql, named, quoted
from yanglao.engines.policy.trees import Tree, grow, tree_sql, twigs_of
from yanglao.engines.policy.vocabulary import FactSpec

#: Bits of a key column that are used; DuckDB's BIGINT has 63 besides the sign.
_WORD_BITS = 60
_LEAF_BITS = 2
#: Codes of an exact value before those of its choices: unknown; none (or not in the vocabulary).
UNKNOWN_CODE, NONE_CODE, FIRST_CODE = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a key: its SQL, the key column it is in, where it begins and how wide it is."""

    sql: str
    word: int
    shift: int
    bits: int


@dataclass(frozen=True, slots=True, eq=False)
class CompiledItem:
    """An item ready to run. Leaves of its trees count from 0 within the item.

    Attributes:
        position: Number of the item in the pack, the ``item`` of the key tables.
        leaves: Its distinct conditions, parameters resolved; columns: the same as SQL columns.
        served, who, rule: What must hold; ``rule`` is both together.
        tiers, delivered, bands: Trees over the same leaves.
        exact: Facts of the rule whose value an answer keeps.
        places: Places of the amount table, most particular first.
        parts: How a key is put together: leaves, then exact facts, then the place.
        masks: The same for taking it apart: key column, shift, mask.
        status_sql: Over the condition columns: TRUE, FALSE or NULL.
        key_sql: One expression a key column.
        sql: The whole rule over the facts' own names, to be read by people.
    """

    item: Item
    position: int
    leaves: tuple[rules.Leaf, ...]
    columns: tuple[str, ...]
    served: Tree
    who: Tree
    rule: Tree
    tiers: tuple[tuple[str, Tree], ...]
    delivered: Tree | None
    bands: tuple[tuple[str, Tree], ...]
    exact: tuple[str, ...]
    places: tuple[str, ...]
    parts: tuple[Part, ...]
    masks: tuple[tuple[int, int, int], ...]
    status_sql: str
    key_sql: tuple[str, ...]
    sql: str


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """A pack compiled for a day.

    Attributes:
        values_day: The day whose parameters it is compiled with; ``as_of`` but for drafts.
        columns: SQL of the condition columns and exact values by column name; over the facts.
        words: Number of key columns that every item has.
        wording: What sentences need on the day.
    """

    pack: Pack
    as_of: date
    values_day: date
    region: str
    items: tuple[CompiledItem, ...]
    columns: Mapping[str, str] = field(repr=False)
    words: int
    wording: Wording = field(repr=False)
    facts_used: tuple[str, ...]

    @property
    def facts_needed(self) -> tuple[str, ...]:
        """Columns that the facts table must have besides ``person_id``."""
        place = ("place_code",) if any(one.places for one in self.items) else ()
        own = tuple(name for name in self.facts_used if name != AGE)
        return ("birth_date", *place, *own)

    def item(self, code: str) -> CompiledItem:
        """The compiled item of a code."""
        return next(one for one in self.items if one.item.code == code)

    @property
    def kinds(self) -> dict[str, str]:
        """Types of the condition columns by name: a truth value, a small number, a place."""
        return {
            name: "UINTEGER"
            if name.startswith('"p_')
            else "UTINYINT"
            if name.startswith("v_")
            else "BOOLEAN"
            for name in self.columns
        }

    def select(self, facts: str, where: str = "TRUE", also: tuple[str, ...] = ()) -> str:
        """SQL of one row a person with every condition column.

        Args:
            facts: The table.
            where: Which people.
            also: Further columns of it to carry along; no facts.
        """
        columns = ", ".join(f"{text} AS {name}" for name, text in self.columns.items())
        facts_read = [named(name) for name in self.facts_needed if name != "birth_date"]
        carried = "".join(f", {name}" for name in also)
        own = ", ".join([*facts_read, *also])
        return (
            f"SELECT person_id{carried}, {columns} FROM ("
            f"SELECT person_id, {own}, {age_column(self.as_of)} AS {AGE} "
            f"FROM {facts} WHERE {where})"
        )


@lru_cache(maxsize=64)
def compile_pack(
    pack: Pack, as_of: date, region: str = "", values_day: date | None = None
) -> Compiled:
    """The pack's rules as of a day.

    Args:
        pack: A pack that passed its checks.
        as_of: The day on which parameters are looked up and ages reckoned.
        region: The division the run is for; kept with the result, it changes no rule (the same
            person gets the same answer in a county's run and in the prefecture's).
        values_day: The day whose parameters count, when it is not ``as_of``: today's people asked
            by what a draft says from next year on.

    Raises:
        PackErrors: When a parameter that a rule needs has no value in force on the day.
    """
    day = values_day or as_of
    values = pack.values_on(day)
    _check_in_force(pack, values, day)
    columns = _Columns(pack, as_of, day)
    drafts = [
        _Draft(pack, item, number, values, columns)
        for number, item in enumerate(pack.items.values())
    ]
    words = max((draft.words for draft in drafts), default=1)
    return Compiled(
        pack=pack,
        as_of=as_of,
        values_day=day,
        region=region,
        items=tuple(draft.done(words) for draft in drafts),
        columns=columns.texts,
        words=words,
        wording=pack.wording(day),
        facts_used=pack.vocabulary.in_order({leaf.fact for leaf in columns.by_leaf}),
    )


def _check_in_force(pack: Pack, values: Mapping[str, rules.Scalar], as_of: date) -> None:
    """Every parameter that rules name must have a value on the day."""
    problems = []
    for item in pack.items.values():
        for name in sorted(item.parameters() - set(values)):
            parameter = pack.parameters[name]
            if item.amount is not None and item.amount.parameter == name:
                continue  # an amount without a value is an unknown amount
            problems.append(
                PackProblem(
                    parameter.spot.file,
                    parameter.spot.line,
                    f"参数“{name}”在 {as_of} 没有生效的值，项目 {item.code} 无法判断",
                    "请补上当日生效的值，或换一个日期",
                )
            )
    if problems:
        raise PackErrors(problems)


class _Columns:
    """The distinct condition and value columns of a whole pack."""

    def __init__(self, pack: Pack, as_of: date, values_day: date) -> None:
        self.pack = pack
        self.as_of = as_of
        self.values_day = values_day
        self.by_leaf: dict[rules.Leaf, str] = {}
        self.texts: dict[str, str] = {}
        self._by_text: dict[str, str] = {}

    def leaf(self, leaf: rules.Leaf) -> str:
        """The column of a condition."""
        text = leaf_sql(leaf, self.pack.vocabulary, self.as_of)
        name = self._by_text.setdefault(text, f"l{len(self._by_text)}")
        self.texts[name] = text
        self.by_leaf[leaf] = name
        return name

    def exact(self, spec: FactSpec) -> str:
        """The column of a fact's value as a small number."""
        name = f"v_{spec.name}"
        column = named(spec.name)
        if spec.type == "int":
            known = (
                f"WHEN {column} BETWEEN {spec.low} AND {spec.high} THEN {column} - {spec.low} + 2"
            )
        else:
            choices = enumerate(spec.choices, FIRST_CODE)
            known = " ".join(f"WHEN {column} = {quoted(word)} THEN {n}" for n, word in choices)
        self.texts[name] = f"CAST(CASE WHEN {column} IS NULL THEN 0 {known} ELSE 1 END AS UTINYINT)"
        return name

    def place(self, name: str, places: tuple[str, ...]) -> str:
        """The column of a place's number in an amount table."""
        known = " ".join(
            f"WHEN starts_with(place_code, {quoted(place)}) THEN {number}"
            for number, place in enumerate(places, 1)
        )
        column = named(f"p_{name}")
        self.texts[column] = f"CAST(CASE {known} ELSE 0 END AS UINTEGER)"
        return column


class _Draft:
    """One item on its way to a CompiledItem."""

    def __init__(
        self,
        pack: Pack,
        item: Item,
        position: int,
        values: dict[str, rules.Scalar],
        columns: _Columns,
    ) -> None:
        self.pack, self.item, self.position, self.columns = pack, item, position, columns
        self.leaves: list[rules.Leaf] = []

        def fixed(node: rules.Node) -> Tree:
            return grow(rules.resolve(node, values), self._number)

        self.served, self.who = fixed(item.served), fixed(item.who)
        self.rule = fixed(item.rule)
        self.exact = self._exact_facts()
        self.tiers = tuple((tier.name, fixed(tier.when)) for tier in item.tiers)
        rule = item.delivered.rule
        self.delivered = None if rule is None else fixed(rule)
        self.places: tuple[str, ...] = ()
        self.bands: tuple[tuple[str, Tree], ...] = ()
        if item.amount is not None:
            parameter = pack.parameters[item.amount.parameter]
            self.places = parameter.places_on(columns.values_day)
            self.bands = tuple(
                (band.name, fixed(_band_rule(band.from_age, band.to_age)))
                for band in parameter.bands
                if self.places
            )
        self.names = tuple(columns.leaf(leaf) for leaf in self.leaves)
        self.parts = self._parts()
        self.words = max(part.word for part in self.parts) + 1

    def _number(self, leaf: rules.Leaf) -> int:
        """The number of a leaf within the item."""
        if leaf not in self.leaves:
            self.leaves.append(leaf)
        return self.leaves.index(leaf)

    def _exact_facts(self) -> tuple[str, ...]:
        """Facts of the rule beyond served whose values an answer keeps."""
        facts = {self.leaves[twig.leaf].fact for twig in twigs_of(self.who)}
        vocabulary = self.pack.vocabulary
        kept = {fact for fact in facts if vocabulary[fact].kept_exact}
        return vocabulary.in_order({fact for fact in kept if vocabulary[fact].type != "bool"})

    def _parts(self) -> tuple[Part, ...]:
        """Where each leaf, value and place goes in the key."""
        vocabulary = self.pack.vocabulary
        pieces = [(f"coalesce(CAST({name} AS UTINYINT), 2)", _LEAF_BITS) for name in self.names]
        for fact in self.exact:
            spec = vocabulary[fact]
            count = len(spec.choices) if spec.type == "choice" else spec.high - spec.low + 1
            pieces.append((self.columns.exact(spec), (count + 1).bit_length()))
        if self.places:
            column = self.columns.place(self.item.code, self.places)
            pieces.append((column, len(self.places).bit_length()))
        parts: list[Part] = []
        word = shift = 0
        for text, bits in pieces:
            if shift + bits > _WORD_BITS:
                word, shift = word + 1, 0
            parts.append(Part(text, word, shift, bits))
            shift += bits
        return tuple(parts)

    def done(self, words: int) -> CompiledItem:
        """The compiled item, its key as wide as every other's."""
        keys = []
        for word in range(words):
            terms = [
                f"CAST({part.sql} AS BIGINT) * {1 << part.shift}"
                for part in self.parts
                if part.word == word
            ]
            keys.append(" + ".join(terms) or "0::BIGINT")
        vocabulary, as_of = self.pack.vocabulary, self.columns.as_of
        return CompiledItem(
            item=self.item,
            position=self.position,
            leaves=tuple(self.leaves),
            columns=self.names,
            served=self.served,
            who=self.who,
            rule=self.rule,
            tiers=self.tiers,
            delivered=self.delivered,
            bands=self.bands,
            exact=self.exact,
            places=self.places,
            parts=self.parts,
            masks=tuple((p.word, p.shift, (1 << p.bits) - 1) for p in self.parts),
            status_sql=tree_sql(self.rule, lambda leaf: self.names[leaf]),
            key_sql=tuple(keys),
            sql=tree_sql(self.rule, lambda leaf: leaf_sql(self.leaves[leaf], vocabulary, as_of)),
        )


def _band_rule(first: int, last: int | None) -> rules.Node:
    """An age band as a condition."""
    if last is None:
        return rules.Compare(AGE, ">=", rules.Literal(first))
    return rules.Between(AGE, rules.Literal(first), rules.Literal(last))
