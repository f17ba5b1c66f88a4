"""A pack's text with changes laid over it, place by place; what is not changed stays as written.

Changes are named by keys, so that they can be kept, undone and shown one by one:

=============================== =================================================================
``fact:<name>``                 ``{label, rule, clause}``: another meaning of a derived fact
``item:<code>``                 fields of an item that are written otherwise
``new:<code>``                  a whole new item
``off:<code>``                  ``true``: the item is left out
``value:<parameter>``           ``{from, value, document, article, note}``: a value from a day on
``amount:<parameter>:<place>:<band>``  the same, for a place and an age band of a table
``band:<parameter>:<name>``     ``{from_age, to_age}``: a further age band
``money:<code>``                ``{label, per}``: an item gets an amount table of its own
=============================== =================================================================
"""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

import yaml

from yanglao.engines.policy.documents import LOADER, read_document
from yanglao.engines.policy.header import read_header
from yanglao.engines.policy.problems import ProblemLog

Changes = Mapping[str, Mapping[str, Any]]
#: Where a pack keeps parameters that were drafted and that none of its own files has yet.
DRAFTED = "parameters/drafted.yaml"
#: Stands as a source until the first amount says where it stands.
DRAFTED_SOURCE = "草拟"
_LONG_AGO = "2000-01-01"
_DATED = ("from", "value", "note")


class CannotLay(Exception):
    """A change that has no place in the text; the message says which."""


def lay_changes(
    source: Mapping[str, str], changes: Changes, code: str, in_force_from: date
) -> dict[str, str]:
    """The texts of a pack with changes laid over, in force from a day.

    Args:
        source: The published texts by path, inherited packs included.
        changes: Key to value, in the order in which they were made.
        code: The pack whose own files are written; of others nothing is touched.
        in_force_from: Written into its header.

    Raises:
        CannotLay: When a change names something that is not there.
    """
    texts = _Texts(dict(source), code)
    texts.set_header("in_force_from", in_force_from.isoformat())
    for kind in ("band", "money", "value", "amount", "fact", "new", "item", "off"):
        for key, value in changes.items():
            name, *rest = key.split(":")
            if name == kind:
                _LAY[kind](texts, rest, value)
    return texts.texts


def overlay(
    parent: Mapping[str, str], parent_code: str, code: str, header: Mapping[str, Any]
) -> dict[str, str]:
    """The texts of a county's own list that as yet says nothing of its own.

    Args:
        parent: Texts of the pack it adds to. code: Of the new pack.
        header: ``title``, ``owner``, ``legal_basis``, ``region``, ``in_force_from``.
    """
    lines = {**header, "adds_to": parent_code}
    return {**parent, f"{code}/pack.yaml": _block(lines, 0)}


class _Texts:
    """Texts of a pack being rewritten."""

    def __init__(self, texts: dict[str, str], code: str) -> None:
        self.texts = texts
        self.code = code

    def root(self, path: str) -> yaml.MappingNode | None:
        """The root of a file; None when there is no such file or nothing in it."""
        text = self.texts.get(path)
        node = _compose(text) if text else None
        return node if isinstance(node, yaml.MappingNode) else None

    def own(self, name: str) -> Iterator[str]:
        """Paths of the pack's own parameter files that define a parameter, as it is now."""
        for path in sorted(self.texts):
            if path.startswith(f"{self.code}/parameters/"):
                root = self.root(path)
                if root is not None and name in _keys(root):
                    yield path

    def chain(self) -> list[str]:
        """Codes of the packs from this one to the most general."""
        found, waiting = [], [self.code]
        while waiting:
            code = waiting.pop(0)
            if code in found or f"{code}/pack.yaml" not in self.texts:
                continue
            found.append(code)
            path = f"{code}/pack.yaml"
            cursor = read_document(self.texts[path], path, ProblemLog())
            waiting += reversed(read_header(cursor, code).parents) if cursor else []
        return found

    def parameter(self, name: str) -> dict[str, Any]:
        """A parameter as it is written in the nearest pack.

        Raises:
            CannotLay: When there is none of the name.
        """
        for code in self.chain():
            for path in sorted(self.texts):
                if path.startswith(f"{code}/parameters/"):
                    root = self.root(path)
                    if root is not None and name in _keys(root):
                        return dict(_plain(_keys(root)[name]))
        raise CannotLay(f"没有参数“{name}”")

    def item(self, item: str) -> dict[str, Any] | None:
        """An item as all packs together write it."""
        found: dict[str, Any] = {}
        for code in reversed(self.chain()):
            for node in self._items(code):
                written = _plain(node)
                if written.get("code") == item:
                    found |= written
        return found or None

    def _items(self, code: str) -> list[yaml.MappingNode]:
        root = self.root(f"{code}/catalogue.yaml")
        items = _keys(root).get("items") if root is not None else None
        if not isinstance(items, yaml.SequenceNode):
            return []
        return [node for node in items.value if isinstance(node, yaml.MappingNode)]

    def region(self) -> str:
        """The division that the pack is for."""
        root = self.root(f"{self.code}/pack.yaml")
        if root is None or "region" not in _keys(root):
            raise CannotLay(f"{self.code}/pack.yaml 没有写 region")
        return str(_plain(_keys(root)["region"]))

    def set_header(self, key: str, value: str) -> None:
        """Write a plain entry of the own header."""
        path = f"{self.code}/pack.yaml"
        root = self.root(path)
        if root is None:
            raise CannotLay(f"没有 {path}")
        if key in _keys(root):
            self._put(path, _keys(root)[key], value)
        else:
            self.texts[path] = self.texts[path].rstrip("\n") + f"\n{key}: {value}\n"

    def set_fact(self, name: str, value: Mapping[str, Any]) -> None:
        """Write a derived fact into the own header."""
        path = f"{self.code}/pack.yaml"
        root = self.root(path)
        facts = _keys(root).get("facts") if root is not None else None
        if not isinstance(facts, yaml.MappingNode):
            text = _block({"facts": {}}, 0).replace(" {}", "")
            self.texts[path] = f"{self.texts[path].rstrip()}\n{text}  {name}:\n{_block(value, 4)}"
        elif name in _keys(facts):
            self._put(path, _keys(facts)[name], _block(value, _column(_keys(facts)[name])))
        else:
            at = facts.start_mark
            indent = " " * at.column
            entry = f"{name}:\n{_block(value, at.column + 2)}{indent}"
            text = self.texts[path]
            self.texts[path] = text[: at.index] + entry + text[at.index :]

    def set_parameter(self, name: str, value: Mapping[str, Any]) -> None:
        """Write a parameter, where the own pack has it already or among the drafted ones."""
        path = next(self.own(name), f"{self.code}/{DRAFTED}")
        root = self.root(path)
        if root is not None and name in _keys(root):
            node = _keys(root)[name]
            self._put(path, node, _block(value, _column(node)))
            return
        before = self.texts.get(path, "").rstrip()
        self.texts[path] = f"{before}\n{name}:\n{_block(value, 2)}".lstrip("\n")

    def set_item(self, value: Mapping[str, Any]) -> None:
        """Write an item, over the own one of this code or behind all own items."""
        path = f"{self.code}/catalogue.yaml"
        for node in self._items(self.code):
            if _plain(node).get("code") == value["code"]:
                self._put(path, node, _block(value, _column(node)))
                return
        column = next((_column(node) - 2 for node in self._items(self.code)), 2)
        head = self.texts.get(path, "").rstrip() or "items:"
        entry = _block(value, column + 2)[column + 2 :]
        self.texts[path] = f"{head}\n\n{' ' * column}- {entry}"

    def drop_item(self, item: str) -> None:
        """Leave an item out: cut the own one, or withdraw what is inherited."""
        path = f"{self.code}/catalogue.yaml"
        found = self.item(item)
        if found is None:
            raise CannotLay(f"没有项目“{item}”")
        for node in self._items(self.code):
            if _plain(node).get("code") == item:
                text = self.texts[path]
                start = text.rindex("-", 0, node.start_mark.index)
                _, rest = _cut(text, node)
                self.texts[path] = text[:start].rstrip(" ") + rest.lstrip("\n")
        if self.item(item) is not None:
            self._withdraw(item)

    def _withdraw(self, item: str) -> None:
        path = f"{self.code}/pack.yaml"
        root = self.root(path)
        listed = _keys(root).get("withdraws") if root is not None else None
        codes = [*(_plain(listed) if listed is not None else []), item]
        text = json.dumps(codes, ensure_ascii=False)
        if listed is not None:
            self._put(path, listed, text)
        else:
            self.texts[path] = f"{self.texts[path].rstrip()}\nwithdraws: {text}\n"

    def _put(self, path: str, node: yaml.Node, text: str) -> None:
        """Put a text where a value stands; comments behind it stay."""
        whole = self.texts[path]
        before, after = whole[: node.start_mark.index], _cut(whole, node)[1]
        self.texts[path] = before + text.strip() + after


@lru_cache(maxsize=256)
def _compose(text: str) -> yaml.Node | None:
    """The nodes of a text; nobody changes them, so the same text is read once."""
    return yaml.compose(text, Loader=LOADER)


def _keys(node: yaml.MappingNode) -> dict[str, yaml.Node]:
    return {str(key.value): value for key, value in node.value}


def _column(node: yaml.Node) -> int:
    return int(node.start_mark.column)


def _cut(text: str, node: yaml.Node) -> tuple[str, str]:
    """What a value is made of, and all behind it; a block ends before its trailing comments."""
    start, end = node.start_mark.index, node.end_mark.index
    lines = text[start:end].splitlines(keepends=True)
    kept: list[str] = []
    while len(lines) > 1 and (not lines[-1].strip() or lines[-1].lstrip().startswith("#")):
        kept.insert(0, lines.pop())
    own = "".join(lines)
    behind = own[len(own.rstrip()) :]
    return own.rstrip(), behind + "".join(kept) + text[end:]


def _plain(node: yaml.Node) -> Any:
    """A value as Python data; every scalar is the text that was written, null is None."""
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): _plain(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_plain(member) for member in node.value]
    plain = isinstance(node, yaml.ScalarNode) and not node.style
    is_null = plain and node.value in ("", "~", "null", "Null", "NULL")
    return None if is_null else str(node.value).strip()


def _block(value: Mapping[str, Any], indent: int) -> str:
    """A mapping as lines, one a key; what is inside it stands in one line."""
    lines = [
        f"{' ' * indent}{key}: {json.dumps(member, ensure_ascii=False)}\n"
        for key, member in value.items()
    ]
    return "".join(lines)


def _dated(value: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value[key] for key in _DATED if key in value and value[key] != ""}


def _insert(values: list[dict[str, Any]], new: dict[str, Any]) -> list[dict[str, Any]]:
    """Dated values with one more, which takes the place of one of the same day."""
    kept = [one for one in values if str(one["from"]) != new["from"]]
    return sorted([*kept, new], key=lambda one: str(one["from"]))


def _source(parameter: dict[str, Any], value: Mapping[str, Any]) -> None:
    """Say where a number stands when the change does; it counts as seen then."""
    if value.get("document"):
        parameter["source"] = {
            "document": value["document"],
            "article": value.get("article") or "—",
        }
        parameter["verified"] = "true"


def _lay_value(texts: _Texts, rest: list[str], value: Mapping[str, Any]) -> None:
    parameter = texts.parameter(rest[0])
    if "values" not in parameter:
        raise CannotLay(f"参数“{rest[0]}”按地方列金额，请改对应的地方")
    parameter["values"] = _insert(parameter["values"], _dated(value))
    _source(parameter, value)
    texts.set_parameter(rest[0], parameter)


def _lay_amount(texts: _Texts, rest: list[str], value: Mapping[str, Any]) -> None:
    name, place, band = rest
    parameter = texts.parameter(name)
    rows = parameter.get("amounts")
    if rows is None:
        raise CannotLay(f"参数“{name}”不按地方列金额")
    # The source of one place is not that of the table: it stands beside the amount.
    where = f"{value.get('document', '')} {value.get('article', '')}".strip()
    dated = _dated(value) | ({"note": where} if where else {})
    for row in rows:
        if str(row["place"]) == place and row.get("band", "") == band:
            row["values"] = _insert(row["values"], dated)
            break
    else:
        own = {"place": place} | ({"band": band} if band else {})
        rows.append(own | {"values": [dated]})
    if parameter["source"]["document"] == DRAFTED_SOURCE:
        _source(parameter, value)
    texts.set_parameter(name, parameter)


def _lay_band(texts: _Texts, rest: list[str], value: Mapping[str, Any]) -> None:
    name, band = rest
    parameter = texts.parameter(name)
    bands = [one for one in parameter.get("bands", []) if one["name"] != band]
    own = {"name": band, "from_age": value["from_age"]}
    if value.get("to_age") is not None:
        own["to_age"] = value["to_age"]
    parameter["bands"] = sorted([*bands, own], key=lambda one: int(one["from_age"]))
    texts.set_parameter(name, parameter)


def _lay_money(texts: _Texts, rest: list[str], value: Mapping[str, Any]) -> None:
    """An amount table for an item; its rows come as ``amount`` changes."""
    code = rest[0]
    item = texts.item(code)
    if item is None:
        raise CannotLay(f"没有项目“{code}”")
    name = money_name(code)
    texts.set_parameter(
        name,
        {
            "label": value["label"],
            "type": "money",
            "unit": "分/人/月" if value["per"] == "month" else "分/人/年",
            "source": {"document": DRAFTED_SOURCE, "article": "—"},
            "verified": "false",
            # Not yet known: an amount table needs a place to be one.
            "amounts": [{"place": texts.region(), "values": [{"from": _LONG_AGO, "value": None}]}],
        },
    )
    texts.set_item(item | {"amount": {"parameter": name, "per": value["per"]}})


def money_name(code: str) -> str:
    """The name of the amount table that a draft gives an item."""
    return f"allowance_{code}"


def _lay_fact(texts: _Texts, rest: list[str], value: Mapping[str, Any]) -> None:
    texts.set_fact(rest[0], {key: value[key] for key in ("label", "rule", "clause")})


def _lay_new(texts: _Texts, rest: list[str], value: Mapping[str, Any]) -> None:
    if texts.item(rest[0]) is not None:
        raise CannotLay(f"项目编号“{rest[0]}”已经有了")
    texts.set_item({"code": rest[0], **value})


def _lay_item(texts: _Texts, rest: list[str], value: Mapping[str, Any]) -> None:
    before = texts.item(rest[0])
    if before is None:
        raise CannotLay(f"没有项目“{rest[0]}”")
    texts.set_item(before | dict(value))


def _lay_off(texts: _Texts, rest: list[str], value: object) -> None:
    if value:
        texts.drop_item(rest[0])


_LAY = {
    "band": _lay_band,
    "money": _lay_money,
    "value": _lay_value,
    "amount": _lay_amount,
    "fact": _lay_fact,
    "new": _lay_new,
    "item": _lay_item,
    "off": _lay_off,
}


def written(source: Mapping[str, str], code: str, item: str) -> dict[str, Any] | None:
    """An item's fields as written in a pack and those it inherits; None when it is in none."""
    return _Texts(dict(source), code).item(item)


def written_fact(source: Mapping[str, str], code: str, name: str) -> dict[str, str] | None:
    """A derived fact as written in the nearest pack that has it; None when none does."""
    texts = _Texts(dict(source), code)
    for one in texts.chain():
        root = texts.root(f"{one}/pack.yaml")
        facts = _plain(_keys(root)["facts"]) if root is not None and "facts" in _keys(root) else {}
        if name in facts:
            return {key: str(facts[name].get(key, "")) for key in ("label", "rule", "clause")}
    return None
