"""Tables: declared once, drawn as a page, a fragment, cards on a phone, and an Excel sheet."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.expressions import OrderBy
from django.http import HttpRequest
from django.utils.safestring import SafeString

from yanglao.web.kit.cells import value_of
from yanglao.web.kit.columns import Column
from yanglao.web.kit.pager import Fetch, Page, paginate, query_without
from yanglao.web.kit.parts import Action, Text

#: Text of more characters than this may wrap at its spaces.
LONG_TEXT = 12


@dataclass(frozen=True, slots=True)
class Cell:
    """A drawn cell: the value, and the grey line under it."""

    column: Column
    html: SafeString
    note: SafeString

    @property
    def look(self) -> str:
        """CSS classes of the cell."""
        if self.column.numeric:
            return "k-right num"
        if self.column.wide:
            return "k-wide"
        # Short words never wrap; long ones (镇 村) may, at their spaces.
        return "k-text" if self.column.kind == "text" and len(self.html) > LONG_TEXT else ""


@dataclass(frozen=True, slots=True)
class Line:
    """A drawn row: its cells, its key for bulk choice, its address."""

    cells: list[Cell]
    key: str
    url: str
    label: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A drawn column heading with its sort link and state."""

    column: Column
    url: str
    sorted: str  # "ascending", "descending" or ""


@dataclass(frozen=True, slots=True)
class TableSpec:
    """A table declared once, at module level.

    Attributes:
        key: Short name, unique on the site; remembers the reader's column choice.
        caption: What the table lists, read to screen-reader users.
        columns: Columns from left to right.
        default_sort: Order key of a column's ``sort``, ``-`` in front for descending.
        page_size: Rows a page holds.
        row_key: Takes a row, returns the value sent by bulk actions.
        row_url: Takes a row, returns the page that Enter on the row opens.
        row_label: Takes a row, returns its name for screen readers (defaults to the first cell).
    """

    key: str
    caption: Text
    columns: tuple[Column, ...]
    default_sort: str = ""
    page_size: int = 50
    row_key: Callable[[Any], object] | None = None
    row_url: Callable[[Any], str] | None = None
    row_label: Callable[[Any], str] | None = None

    def __post_init__(self) -> None:
        """Refuse a link inside the link that opens the row, and two columns of one name."""
        if self.row_url and self.columns[0].link:
            raise ValueError(f"table {self.key}: the first column already opens the row")
        names = [column.name for column in self.columns]
        if len(set(names)) != len(names):
            raise ValueError(f"table {self.key}: two columns of the same name")

    def bind(
        self,
        request: HttpRequest,
        rows: "QuerySet[Any] | Sequence[Any] | Fetch",
        *,
        total: int | None = None,
        export_url: str = "",
        actions: Sequence[Action] = (),
        action_url: str = "",
        empty: dict[str, Any] | None = None,
        part_id: str = "",
        without: Sequence[str] = (),
    ) -> "Table":
        """Sort, cut the page asked for, and return the table to draw with ``{% table t %}``.

        Args:
            request: Carries ``?sort=`` and ``?page=``.
            rows: A queryset, a sequence, or ``fetch(order, start, count)``.
            total: Number of all rows, when the caller has it.
            export_url: Screen that answers with the Excel file; the query string is passed on.
            actions: Bulk actions; needs ``row_key`` and ``action_url``.
            action_url: Takes the POST with ``chosen`` (many) and ``action``.
            empty: Parameters of the empty state (``title``, ``text``, ``action_url``, ...).
            part_id: Id of the element that htmx swaps; sorting and paging then need no reload.
            without: Names of columns to leave out (a reader who may not see them).
        """
        columns = tuple(column for column in self.columns if column.name not in without)
        order = self.order_of(request)
        page = paginate(
            request, ordered(rows, order), size=self.page_size, total=total, order=order
        )
        return Table(
            spec=self,
            columns=columns,
            page=page,
            order=order,
            sort_base=query_without(request, "sort", "page"),
            export_url=_with_query(export_url, query_without(request, "page")),
            actions=tuple(actions),
            action_url=action_url,
            empty=empty or {},
            part_id=part_id,
        )

    def order_of(self, request: HttpRequest) -> str:
        """Return the order asked for if a column offers it, else the default one."""
        asked = request.GET.get("sort", "")
        offered = {column.sort for column in self.columns if column.sort}
        return asked if asked.removeprefix("-") in offered else self.default_sort


@dataclass(frozen=True, slots=True)
class Table:
    """A table bound to a request: what ``{% table %}`` draws."""

    spec: TableSpec
    columns: tuple[Column, ...]
    page: Page
    order: str
    sort_base: str
    export_url: str
    actions: tuple[Action, ...]
    action_url: str
    empty: dict[str, Any]
    part_id: str

    @property
    def headings(self) -> list[Heading]:
        """Headings with sort links: a second click turns the order around."""
        found = []
        for column in self.columns:
            state, target = "", column.sort
            if column.sort and self.order == column.sort:
                state, target = "ascending", f"-{column.sort}"
            elif column.sort and self.order == f"-{column.sort}":
                state = "descending"
            url = f"?{self.sort_base}sort={target}" if target else ""
            found.append(Heading(column, url, state))
        return found

    @property
    def lines(self) -> list[Line]:
        """Drawn rows of this page."""
        return [self._line(row) for row in self.page.rows]

    @property
    def choosable(self) -> bool:
        """Whether rows carry a check box."""
        return bool(self.actions and self.spec.row_key)

    @property
    def optional_columns(self) -> list[Column]:
        """Columns the reader may show or hide."""
        return [column for column in self.columns[1:] if not column.fixed]

    def _line(self, row: Any) -> Line:
        cells = [Cell(column, column.drawn(row), column.drawn_note(row)) for column in self.columns]
        spec = self.spec
        label = spec.row_label(row) if spec.row_label else str(self.columns[0].raw(row))
        return Line(
            cells=cells,
            key=str(spec.row_key(row)) if spec.row_key else "",
            url=spec.row_url(row) if spec.row_url else "",
            label=label,
        )


def ordered(rows: "QuerySet[Any] | Sequence[Any] | Fetch", order: str) -> Any:
    """Put rows in order: querysets in the database (blanks last, then by key), sequences here."""
    if callable(rows) or not order:
        return rows
    name, down = order.removeprefix("-"), order.startswith("-")
    if isinstance(rows, QuerySet):
        key = F(name)
        by: OrderBy = key.desc(nulls_last=True) if down else key.asc(nulls_last=True)
        return rows.order_by(by, "pk")
    known = [row for row in rows if value_of(row, name) is not None]
    blank = [row for row in rows if value_of(row, name) is None]
    return sorted(known, key=lambda row: value_of(row, name), reverse=down) + blank


def _with_query(url: str, base: str) -> str:
    if not url or not base:
        return url
    return f"{url}{'&' if '?' in url else '?'}{base.rstrip('&')}"
