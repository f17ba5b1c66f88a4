"""Policy packs: read from a folder or from their published text, checked whole, frozen.

``load_pack`` reads ``policies/<pack>`` with everything it inherits and its worked cases;
``Pack.from_source`` rebuilds a pack from the text that was stored when it was published. Both
raise ``PackErrors`` with every mistake, never only the first.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path

from yanglao.engines.policy import rules
from yanglao.engines.policy.casefile import check_cases
from yanglao.engines.policy.catalogue import Item, draft_items, read_item
from yanglao.engines.policy.derived import DerivedFact, DerivedFacts
from yanglao.engines.policy.documents import (
    Cursor,
    read_document,
    read_text,
    refuse_other_endings,
)
from yanglao.engines.policy.header import Guard, Header, read_header
from yanglao.engines.policy.parameters import Parameter, read_parameters
from yanglao.engines.policy.parse import Scope, parse_rule
from yanglao.engines.policy.problems import PackErrors, PackProblem, ProblemLog
from yanglao.engines.policy.sense import check_sense
from yanglao.engines.policy.sentence import Wording
from yanglao.engines.policy.vocabulary import Vocabulary, read_vocabulary

__all__ = ["Item", "Pack", "PackErrors", "PackProblem", "load_pack", "read_source"]

VOCABULARY = "vocabulary.yaml"


@dataclass(frozen=True, slots=True, eq=False)
class Pack:
    """A pack that passed every check. Two packs are the same when their ``hash`` is.

    Attributes:
        code: Folder name, e.g. ``hetian``.
        region: Significant part of the division code it is for; empty for a shared pack.
        in_force_from: First day on which it is in force (it stays so until superseded).
        adds_to: The pack whose list this one may only add to or raise; empty for most.
        withdraws: Item codes of the inherited list that it drops, and where it says so.
        served: The rule of whom the list serves at all, for items that say nothing else.
        items: By code, in the order of the list.
        facts: Derived facts by name. parameters: By name, inherited ones included.
        source: Path below the folder of packs to text, of all files that make up the pack.
        hash: SHA-256 of the sources.
    """

    code: str
    title: str
    owner: str
    legal_basis: tuple[str, ...]
    region: str
    in_force_from: date
    supersedes: str
    inherits: tuple[str, ...]
    adds_to: str
    withdraws: Mapping[str, Cursor] = field(repr=False)
    areas: Mapping[str, str]
    served: rules.Node | None
    guard: Guard
    note: str
    items: Mapping[str, Item] = field(repr=False)
    facts: Mapping[str, DerivedFact] = field(repr=False)
    parameters: Mapping[str, Parameter] = field(repr=False)
    vocabulary: Vocabulary = field(repr=False)
    source: Mapping[str, str] = field(repr=False)
    hash: str

    @classmethod
    def from_source(cls, source: Mapping[str, str]) -> "Pack":
        """The pack of stored texts; the same texts give the same object again (a small cache)."""
        return _build(tuple(sorted(source.items())))

    def values_on(self, day: date) -> dict[str, rules.Scalar]:
        """Every parameter that has one value in force on a day."""
        found = {name: one.value_on(day) for name, one in self.parameters.items()}
        return {name: value for name, value in found.items() if value is not None}

    def wording(self, day: date) -> Wording:
        """What sentences need: labels, names of areas, values of parameters on a day."""
        return Wording(self.vocabulary, self.areas, self.values_on(day), day)


def load_pack(folder: Path | str, policies_root: Path | str, *, cases: bool = True) -> Pack:
    """The pack in a folder, checked together with its worked cases.

    Args:
        folder: The pack's folder, or its name below the root.
        policies_root: Folder that holds ``vocabulary.yaml`` and the packs.
        cases: Whether every item must have worked cases (a draft may do without).

    Raises:
        PackErrors: With every problem found.
    """
    root = Path(policies_root)
    code = Path(folder).name
    pack = Pack.from_source(read_source(code, root))
    log = ProblemLog()
    check_sense(pack.items.values(), pack.values_on(pack.in_force_from), pack.vocabulary, log)
    if cases:
        own = {
            key: item for key, item in pack.items.items() if item.spot.file.startswith(f"{code}/")
        }
        check_cases(root, code, pack.vocabulary, own, log)
    log.raise_if_any()
    return pack


def read_source(folder: Path | str, policies_root: Path | str) -> dict[str, str]:
    """The texts of a pack and of all it inherits, by path below the root."""
    root, log = Path(policies_root), ProblemLog()
    found: dict[str, str] = {}
    _take(root, VOCABULARY, found, log)
    waiting, seen = [Path(folder).name], set[str]()
    while waiting:
        code = waiting.pop()
        if code in seen:
            continue
        seen.add(code)
        path = f"{code}/pack.yaml"
        _take(root, path, found, log)
        if path not in found:
            continue
        _take(root, f"{code}/catalogue.yaml", found, log, required=False)
        for folder in (code, f"{code}/parameters"):
            refuse_other_endings(root / folder, folder, log)
        for file in sorted((root / code / "parameters").glob("*.yaml")):
            _take(root, f"{code}/parameters/{file.name}", found, log)
        quiet = ProblemLog()
        cursor = read_document(found[path], path, quiet)
        waiting.extend(read_header(cursor, code).parents if cursor else ())
    log.raise_if_any()
    return found


def _take(
    root: Path, path: str, found: dict[str, str], log: ProblemLog, *, required: bool = True
) -> None:
    """Read one file into ``found``."""
    file = root / path
    if not file.is_file():
        if required:
            log.add(path, 0, "没有这个文件", "请检查文件夹名称和 inherits、adds_to 的写法")
        return
    text = read_text(file, path, log)
    if text is not None:
        found[path] = text


def hash_of(source: Mapping[str, str]) -> str:
    """SHA-256 over paths and texts, sorted by path."""
    digest = hashlib.sha256()
    for path, text in sorted(source.items()):
        digest.update(f"{path}\0{len(text.encode())}\0{text}".encode())
    return digest.hexdigest()


@lru_cache(maxsize=32)
def _build(source: tuple[tuple[str, str], ...]) -> Pack:
    """Read, merge and check; raises PackErrors with everything found."""
    log = ProblemLog()
    texts = dict(source)
    documents = {path: read_document(text, path, log) for path, text in texts.items()}
    headers = {
        path.split("/")[0]: read_header(cursor, path.split("/")[0])
        for path, cursor in documents.items()
        if cursor is not None and path.endswith("/pack.yaml")
    }
    vocabulary_root = documents.get(VOCABULARY)
    vocabulary = read_vocabulary(vocabulary_root) if vocabulary_root else Vocabulary({})
    chain = _chain(headers, log)
    # Without a sound vocabulary and header every rule would seem wrong.
    log.raise_if_any()
    draft = _Draft(documents, [headers[code] for code in chain], vocabulary, log)
    pack = draft.pack(texts)
    log.raise_if_any()
    return pack


def _chain(headers: Mapping[str, Header], log: ProblemLog) -> list[str]:
    """Codes from the most general pack to the one that is meant."""
    parents = {parent for header in headers.values() for parent in header.parents}
    heads = [code for code in headers if code not in parents]
    for header in headers.values():
        for parent in header.parents:
            if parent not in headers:
                header.cursor.problem(f"继承的政策包“{parent}”不存在", "请检查 inherits、adds_to")
    if len(heads) != 1:
        log.add(
            "pack.yaml",
            0,
            f"政策包互相继承或不止一个：{'、'.join(sorted(headers))}",
            "请改正 inherits",
        )
        return []
    order: list[str] = []
    path: list[str] = []

    def visit(code: str) -> None:
        if code in path:
            headers[code].cursor.problem(
                f"政策包循环继承：{' → '.join([*path, code])}", "请去掉其中一个 inherits"
            )
        elif code in headers and code not in order:
            path.append(code)
            for parent in headers[code].parents:
                visit(parent)
            path.pop()
            order.append(code)

    visit(heads[0])
    return order


class _Draft:
    """A pack being put together from the documents of its chain."""

    def __init__(
        self,
        documents: Mapping[str, Cursor | None],
        chain: list[Header],
        vocabulary: Vocabulary,
        log: ProblemLog,
    ) -> None:
        self.documents = documents
        self.chain = chain
        self.head = chain[-1]
        self.vocabulary = vocabulary
        self.log = log
        self.areas = {code: name for header in chain for code, name in header.areas.items()}
        self.parameters = self._parameters()
        drafts = {fact.name: fact for header in chain for fact in header.facts}
        self.derived = DerivedFacts(drafts, vocabulary, log)
        self.scope = Scope(
            vocabulary=vocabulary,
            derived_names=frozenset(drafts),
            derived=self.derived.reference,
            parameters=self.parameters,
            areas=self.areas,
            on=self.head.in_force_from,
        )
        self.derived.scope = self.scope

    def _parameters(self) -> dict[str, Parameter]:
        """Parameters of the chain; a pack may redefine an inherited one."""
        found: dict[str, Parameter] = {}
        for header in self.chain:
            own: dict[str, Parameter] = {}
            for path, cursor in self.documents.items():
                if cursor is None or not path.startswith(f"{header.code}/parameters/"):
                    continue
                for name, parameter in read_parameters(cursor).items():
                    if name in own:
                        first = own[name].spot
                        parameter.spot.note(
                            self.log,
                            f"参数“{name}”已在 {first.file} 第 {first.line} 行定义",
                            "请只保留一处",
                        )
                    own[name] = parameter
            found |= own
        return found

    def _items(self, served: rules.Node | None) -> dict[str, Item]:
        """Items of the chain, those withdrawn left out."""
        drafts: dict = {}
        for header in self.chain:
            cursor = self.documents.get(f"{header.code}/catalogue.yaml")
            if cursor is not None:
                drafts = draft_items(cursor, drafts)
            for code, where in header.withdraws.items():
                if code not in drafts:
                    where.problem(f"要取消的项目“{code}”不在清单里", "请改正编号")
                drafts.pop(code, None)
        items = {code: read_item(draft, served, self.scope) for code, draft in drafts.items()}
        return {code: item for code, item in items.items() if item is not None}

    def _served(self) -> rules.Node | None:
        """The rule of whom the list serves: the nearest pack that has one."""
        written = [header.served for header in self.chain if header.served is not None]
        rules_read = [parse_rule(cursor, self.scope) for cursor in written]
        return rules_read[-1] if rules_read else None

    def pack(self, source: Mapping[str, str]) -> Pack:
        """The pack; to be thrown away when the log has problems."""
        head = self.head
        served = self._served()
        facts = self.derived.all()
        guards = [header.guard for header in self.chain if header.guard is not None]
        return Pack(
            code=head.code,
            title=head.title,
            owner=head.owner,
            legal_basis=head.legal_basis,
            region=head.region,
            in_force_from=head.in_force_from,
            supersedes=head.supersedes,
            inherits=tuple(header.code for header in self.chain[:-1]),
            adds_to=head.adds_to,
            withdraws=head.withdraws,
            areas=self.areas,
            served=served,
            guard=guards[-1] if guards else Guard(),
            note=head.note,
            items=self._items(served),
            facts=facts,
            parameters=self.parameters,
            vocabulary=self.vocabulary,
            source=dict(source),
            hash=hash_of(source),
        )
