"""One column of a table: where its value comes from, how it is drawn, sorted and exported."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from yanglao.web.kit.cells import KINDS, value_of
from yanglao.web.kit.parts import Text


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        name: Attribute or key of the row (dots and ``__`` go deeper), and the column's own name.
        title: Heading.
        kind: How the value is drawn: ``text``, ``num``, ``pct``, ``date`` (2026-10-31), ``day``
            (10 月 12 日), ``month``, ``moment``, ``money`` (fen), ``id`` (masked), ``name_masked``,
            ``sex``, ``status`` (a ``Status``), ``bar`` (a ``Bar``), ``link`` (a ``Link``),
            ``html`` (SafeString made by ``value``), ``yesno``.
        value: Takes the row and returns the value, instead of ``name``.
        sort: Order key: field name for querysets, attribute for sequences, free text for fetch
            functions. Empty: not sortable.
        link: Takes the row and returns an address; the cell becomes a link.
        note: Takes the row and returns the grey line under the value.
        hidden: Not shown until the reader chooses it.
        fixed: The reader can't hide it (the first column always).
        wide: The column may wrap over several lines.
        excel: Takes the row and returns the Excel value, instead of the drawn one.
        width: Excel column width in characters.
    """

    name: str
    title: Text
    kind: str = "text"
    value: Callable[[Any], Any] | None = None
    sort: str = ""
    link: Callable[[Any], str] | None = None
    note: Callable[[Any], Text] | None = None
    hidden: bool = False
    fixed: bool = False
    wide: bool = False
    excel: Callable[[Any], Any] | None = None
    width: int = 0

    def __post_init__(self) -> None:
        """Refuse a kind nobody can draw."""
        if self.kind not in KINDS:
            raise ValueError(f"column {self.name}: unknown kind {self.kind!r}")

    @property
    def numeric(self) -> bool:
        """Whether figures stand right."""
        return self.kind in {"num", "pct", "money"}

    def raw(self, row: Any) -> Any:
        """Return the undrawn value of a row."""
        return self.value(row) if self.value else value_of(row, self.name)

    def drawn(self, row: Any) -> SafeString:
        """Return the value of a row as HTML, as a link where the column has one."""
        value = conditional_escape(KINDS[self.kind](self.raw(row)))
        if self.link and (url := self.link(row)):
            return format_html('<a class="link k-cell-link" href="{}">{}</a>', url, value)
        return value

    def drawn_note(self, row: Any) -> SafeString:
        """Return the grey line under the value, empty without one."""
        note = self.note(row) if self.note else ""
        return format_html('<span class="k-source">{}</span>', note) if note else SafeString("")
