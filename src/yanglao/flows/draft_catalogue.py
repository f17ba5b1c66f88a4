"""A draft read as a catalogue: its text, its mistakes, what it changes in words, its worked cases.

A draft for the place of its list changes the list itself. A county's draft that only sets amounts
of the county's own places does too (the table belongs to all of them); any other draft of a county
makes a list of the county's own, which may only add to the prefecture's or raise it.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from yanglao.domain.catalogue.public import (
    Draft,
    PackVersion,
    Saved,
    open_draft,
    pack_in_force,
    record_change,
    source_of,
    versions,
)
from yanglao.engines.policy.cases import CaseTrial, try_cases
from yanglao.engines.policy.catalogue import Item
from yanglao.engines.policy.compare import PackDifference, compare_packs
from yanglao.engines.policy.county import check_not_lower
from yanglao.engines.policy.pack import Pack, PackErrors, PackProblem, hash_of
from yanglao.engines.policy.parameters import Parameter
from yanglao.engines.policy.redraft import (
    CannotLay,
    lay_changes,
    money_name,
    overlay,
    written,
    written_fact,
)
from yanglao.engines.policy.sentence import sentence
from yanglao.foundation.scoping import Reader
from yanglao.kernel.division import prefix

#: Where confirmed answers to worked cases are kept in a published text.
CONFIRMED = "confirmed_cases.yaml"
PAYMENTS = "payments.yaml"
_CASES = {"yes": "符合", "no": "不符合", "possible": "可能符合", "": "没有这一项"}


@dataclass(frozen=True, slots=True)
class TriedCase:
    """A worked case under the draft.

    Attributes:
        key: Names it among the changes, to confirm that the new answer is meant.
        expected, got: In words. passed: They are the same, or the new answer was confirmed.
        confirmed: Somebody said that the new answer is meant.
    """

    key: str
    name: str
    item: str
    expected: str
    got: str
    got_word: str
    passed: bool
    confirmed: bool


@dataclass(frozen=True)
class DraftReading:
    """A draft as a catalogue.

    Attributes:
        code: The pack that it would be published as.
        source, hash: Its whole text; empty when it can't be laid out.
        base, pack: What is published, and the draft; ``pack`` is ``None`` when it has mistakes.
        problems: One line a mistake, and where a county's list falls below the prefecture's.
        difference: What it changes, in words; ``None`` while it has mistakes.
        trying: Tries the worked cases; see :attr:`cases`.
    """

    code: str
    source: Mapping[str, str] = field(repr=False)
    hash: str
    base: Pack
    pack: Pack | None
    problems: tuple[PackProblem, ...]
    difference: PackDifference | None
    trying: Callable[[], tuple[TriedCase, ...]] = field(repr=False, compare=False)

    @cached_property
    def cases(self) -> tuple[TriedCase, ...]:
        """Worked cases; tried when somebody asks, since counting a draft does not need them."""
        return self.trying()

    @property
    def failed(self) -> tuple[TriedCase, ...]:
        """Cases that come out otherwise, and nobody has said that this is meant."""
        return tuple(case for case in self.cases if not case.passed)

    @property
    def ready(self) -> bool:
        """Whether it may be submitted."""
        return self.pack is not None and not self.problems and not self.failed


class NothingToDraft(LookupError):
    """There is no published list that a draft could start from; the message says what to do."""


def begin_draft(
    *, title: str, area: str, in_force_from: date, acting: Reader, words: str = ""
) -> Draft:
    """Begin a draft for a place on the newest list published for it.

    Args:
        area: 12-digit division; the acting person's own.

    Raises:
        NothingToDraft: When no list was published for the place.
        PermissionError, DraftRefused: As ``catalogue.open_draft``.
    """
    base = newest_version(area, in_force_from)
    return open_draft(
        title=title,
        pack=base.pack,
        area=area,
        base_id=base.pk,
        in_force_from=in_force_from,
        acting=acting,
        words=words,
    )


def newest_version(area: str, day: date) -> PackVersion:
    """Return the version that a draft for a place starts from: in force on the day it begins.

    Raises:
        NothingToDraft: When there is none.
    """
    base = pack_in_force(day, region=area)
    if base is None:
        raise NothingToDraft(f"{day} 还没有生效的清单可以改：请先发布清单。")
    return base


def change_draft(
    *, draft_id: int, key: str, after: Any, base_revision: int, acting: Reader
) -> Saved:
    """Change one place of a draft; see ``catalogue.record_change``."""
    return record_change(
        draft_id=draft_id, key=key, after=after, base_revision=base_revision, acting=acting
    )


def read_draft(draft: Draft, also: Mapping[str, Any] | None = None) -> DraftReading:
    """Read a draft as a catalogue.

    Args:
        also: Changes laid over those of the draft, to try them.
    """
    changes = {**draft.changes, **(also or {})}
    return read_changes(draft.base_id, draft.area, draft.in_force_from, changes)


def read_changes(base_id: int, area: str, day: date, changes: Mapping[str, Any]) -> DraftReading:
    """Read changes of a published version as a catalogue.

    Args:
        base_id: The version. area: 12-digit division that drafts. day: From which it would hold.
        changes: Key to value as ``engines.policy.redraft`` says.
    """
    kept = {key: value for key, value in changes.items() if value is not None}
    return _read(base_id, area, day, json.dumps(kept, ensure_ascii=False, sort_keys=True))


def base_pack(draft: Draft) -> Pack:
    """Return the published list that a draft starts from."""
    return Pack.from_source(source_of(draft.base_id))


def parameter_of(draft: Draft, name: str) -> Parameter | None:
    """Return a parameter as the draft has it (as published while the draft has mistakes)."""
    reading = read_draft(draft)
    return (reading.pack or reading.base).parameters.get(name)


@dataclass(frozen=True, slots=True)
class RuleTrial:
    """A rule tried in a draft: its sentence, or what is wrong with it."""

    sentence: str
    problems: tuple[str, ...]


def try_item(draft: Draft, code: str, fields: Mapping[str, Any]) -> RuleTrial:
    """Say an item's rule in Chinese with some fields written otherwise, or what is wrong."""
    key = f"new:{code}" if f"new:{code}" in draft.changes else f"item:{code}"
    before = draft.changes.get(key, {})
    reading = read_draft(draft, {key: {**before, **fields}})
    return _trial(draft, reading, lambda pack: pack.items[code].who if code in pack.items else None)


def try_fact(draft: Draft, name: str, fields: Mapping[str, str]) -> RuleTrial:
    """Say a derived fact's rule in Chinese with another text, or what is wrong."""
    reading = read_draft(draft, {f"fact:{name}": dict(fields)})
    return _trial(
        draft, reading, lambda pack: pack.facts[name].node if name in pack.facts else None
    )


def _trial(draft: Draft, reading: DraftReading, rule: Any) -> RuleTrial:
    if reading.pack is None:
        return RuleTrial("", tuple(f"{one.what}。{one.do}。" for one in reading.problems))
    node = rule(reading.pack)
    words = sentence(node, reading.pack.wording(draft.in_force_from)) if node is not None else ""
    lowers = tuple(f"{one.what}。{one.do}。" for one in reading.problems)
    return RuleTrial(words, lowers)


def item_sentence(reading: DraftReading, item: Item, day: date) -> str:
    """Return who may have an item, generated from its rule."""
    pack = reading.pack or reading.base
    return sentence(item.who, pack.wording(day))


@lru_cache(maxsize=32)
def _read(base_id: int, area: str, day: date, changes_text: str) -> DraftReading:
    published = source_of(base_id)
    base = Pack.from_source({k: v for k, v in published.items() if not _beside(k)})
    changes: dict[str, Any] = json.loads(changes_text)
    laid = {key: value for key, value in changes.items() if not key.startswith("case:")}
    code, start = _start(base, published, area, day, laid)
    try:
        source = lay_changes(start, laid, code, day)
        pack = Pack.from_source({k: v for k, v in source.items() if not _beside(k)})
    except CannotLay as problem:
        told = PackProblem(f"{code}/catalogue.yaml", 0, str(problem), "请撤销这一处修改")
        return DraftReading(code, {}, "", base, None, (told,), None, tuple)
    except PackErrors as errors:
        return DraftReading(code, {}, "", base, None, errors.problems, None, tuple)
    source = _with_companions(source, base, code, published, changes)
    return DraftReading(
        code=code,
        source=source,
        hash=hash_of(source),
        base=base,
        pack=pack,
        problems=tuple(_lowered(base, pack, area, day)),
        difference=compare_packs(base, pack, day),
        trying=lambda: _tried(pack, published, changes, day),
    )


def _beside(path: str) -> bool:
    """Whether a stored text is no part of the rules: it is kept with them for the record."""
    return path.endswith((f"/{CONFIRMED}", f"/{PAYMENTS}"))


def _start(
    base: Pack, published: Mapping[str, str], area: str, day: date, changes: Mapping[str, Any]
) -> tuple[str, dict[str, str]]:
    """The pack that a draft writes into, and its texts before the changes."""
    texts = {k: v for k, v in published.items() if not _beside(k)}
    if prefix(area) == base.region or _only_own_amounts(changes, area):
        return base.code, texts
    name = base.areas.get(prefix(area), prefix(area))
    header = {
        "title": f"{name}基本养老服务清单",
        "owner": f"{name}民政局",
        "legal_basis": [base.title],
        "region": prefix(area),
        "in_force_from": day.isoformat(),
    }
    code = f"c{prefix(area)}"
    return code, overlay(texts, base.code, code, header)


def _only_own_amounts(changes: Mapping[str, Any], area: str) -> bool:
    """Whether all changes are amounts of places within an area."""
    parts = [key.split(":") for key in changes]
    return bool(parts) and all(
        part[0] == "amount" and part[2].startswith(prefix(area)) for part in parts
    )


def _lowered(base: Pack, pack: Pack, area: str, day: date) -> list[PackProblem]:
    """Where a county's draft lowers what the prefecture gives."""
    if pack.adds_to:
        parent = {k: v for k, v in pack.source.items() if not k.startswith(f"{pack.code}/")}
        return check_not_lower(Pack.from_source(parent), pack)
    if prefix(area) == base.region:
        return []
    found = []
    for name, after in pack.parameters.items():
        before = base.parameters.get(name)
        for row in after.rows if before is not None else ():
            old = before.amount_at(row.place, row.band, day) if before else None
            new = after.amount_at(row.place, row.band, day)
            if old is not None and (new is None or new < old):
                what = f"{after.label} {row.band} 由 {old} 分降到 {new} 分"
                found.append(
                    PackProblem(row.spot.file, row.spot.line, what, "县（市）只能增加或提高")
                )
    return found


def _tried(
    pack: Pack, published: Mapping[str, str], changes: Mapping[str, Any], day: date
) -> tuple[TriedCase, ...]:
    """Worked cases of the nearest pack that has a folder of them."""
    root: Path = settings.POLICIES
    codes = [pack.code, *reversed(pack.inherits)]
    folder = next((root / code for code in codes if (root / code / "cases").is_dir()), None)
    if folder is None:
        return ()
    earlier = json.loads(published.get(f"{pack.code}/{CONFIRMED}", "{}"))
    try:
        trials = try_cases(pack, folder, day)
    except PackErrors:
        return ()
    return tuple(_case(one, earlier, changes) for one in trials)


def _case(one: CaseTrial, earlier: Mapping[str, str], changes: Mapping[str, Any]) -> TriedCase:
    key = f"case:{Path(one.file).name}:{one.line}:{one.item}"
    said = changes.get(key, earlier.get(key))
    expected = str(said if said is not None else one.expected)
    return TriedCase(
        key=key,
        name=one.name,
        item=one.item,
        expected=_CASES[expected],
        got=_CASES[one.got],
        got_word=one.got or "left_out",
        passed=one.got == expected or said == "left_out" == (one.got or "left_out"),
        confirmed=said is not None,
    )


def _with_companions(
    source: dict[str, str],
    base: Pack,
    code: str,
    published: Mapping[str, str],
    changes: Mapping[str, Any],
) -> dict[str, str]:
    """The text with what is kept beside the rules: confirmed cases, how money is paid."""
    found = dict(source)
    earlier = json.loads(published.get(f"{base.code}/{CONFIRMED}", "{}"))
    confirmed = earlier | {k: v for k, v in changes.items() if k.startswith("case:")}
    if confirmed:
        found[f"{code}/{CONFIRMED}"] = json.dumps(confirmed, ensure_ascii=False, sort_keys=True)
    path = settings.POLICIES / base.code / PAYMENTS
    if path.is_file():
        found[f"{base.code}/{PAYMENTS}"] = path.read_text(encoding="utf-8-sig")
    return found


def newer_base(draft: Draft) -> PackVersion | None:
    """Return the version that was published since a draft was begun, ``None`` when none was."""
    newest = versions(draft.base.pack).order_by("-id").first()
    return newest if newest is not None and newest.pk > draft.base_id else None


def written_item(draft: Draft, code: str, *, published: bool = False) -> dict[str, Any] | None:
    """Return an item's fields as they are written; ``None`` when the list has none of the code.

    Args:
        published: As published, without what the draft changes.
    """
    texts = {k: v for k, v in source_of(draft.base_id).items() if not _beside(k)}
    found = written(texts, draft.base.pack, code)
    if published:
        return found
    own = draft.changes.get(f"new:{code}")
    if own is not None:
        return {"code": code, **own}
    return found | draft.changes.get(f"item:{code}", {}) if found is not None else None


def money_name_of(code: str) -> str:
    """Return the name of the amount table that a draft gives an item."""
    return money_name(code)


@dataclass(frozen=True, slots=True)
class NumberReading:
    """A number of a draft's list on the day it begins.

    Attributes:
        is_money: Its values are fen.
        is_table: It goes by place and age band; then ``amounts`` holds (published, drafted) by
            place and band, and ``bands`` the bands (one empty for none).
        value: Of a number that is no table.
        changed: Whether the draft changes it.
    """

    name: str
    label: str
    unit: str
    source: str
    verified: bool
    note: str
    is_money: bool
    is_table: bool
    value: object
    bands: tuple[str, ...]
    places: tuple[str, ...]
    amounts: Mapping[tuple[str, str], tuple[int | None, int | None]]
    changed: bool


def numbers_of(draft: Draft) -> list[NumberReading]:
    """Return the numbers of a draft's list: those that items use first, by name."""
    reading = read_draft(draft)
    pack = reading.pack or reading.base
    used = {name for item in pack.items.values() for name in item.parameters()}
    names = sorted(pack.parameters, key=lambda name: (name not in used, name))
    return [_number(draft, reading, name) for name in names]


def number_of(draft: Draft, name: str) -> NumberReading | None:
    """Return one number of a draft's list, ``None`` when there is none of the name."""
    reading = read_draft(draft)
    pack = reading.pack or reading.base
    return _number(draft, reading, name) if name in pack.parameters else None


def _number(draft: Draft, reading: DraftReading, name: str) -> NumberReading:
    pack, day = reading.pack or reading.base, draft.in_force_from
    one, before = pack.parameters[name], reading.base.parameters.get(name)
    is_table = one.is_table or not one.values
    bands = tuple(band.name for band in one.bands) or ("",)
    places = one.places()
    amounts = {
        (place, band): (
            before.amount_at(place, band, day) if before is not None else None,
            one.amount_at(place, band, day),
        )
        for place in places
        for band in bands
    }
    prefixes = (f"value:{name}", f"amount:{name}:", f"band:{name}:")
    return NumberReading(
        name=name,
        label=one.label,
        unit=one.unit,
        source=f"{one.source.document} {one.source.article}".strip(),
        verified=one.verified,
        note=one.note,
        is_money=one.type == "money",
        is_table=is_table,
        value=one.value_on(day),
        bands=bands if is_table else (),
        places=places,
        amounts=amounts if is_table else {},
        changed=any(key.startswith(prefixes) for key in draft.changes),
    )


def meaning_of(draft: Draft, name: str) -> dict[str, str] | None:
    """Return what a word of a draft's list means: label, rule as written, clause."""
    own = draft.changes.get(f"fact:{name}")
    if own is not None:
        return {key: str(own[key]) for key in ("label", "rule", "clause")}
    texts = {k: v for k, v in source_of(draft.base_id).items() if not _beside(k)}
    return written_fact(texts, draft.base.pack, name)
