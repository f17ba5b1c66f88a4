"""Any list as a file to take along: Excel, or zipped CSV with ``?format=csv``.

Whoever takes a list out is written into it and into the record. A long list is made by a job: the
screen then answers with a page that shows how far it is and, when done, where it lies.
"""

import tempfile
from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from yanglao.foundation import audit, clock
from yanglao.foundation.progress import silent
from yanglao.foundation.scoping import Reader
from yanglao.web.kit.columns import Column
from yanglao.web.kit.downloads import XLSX, ZIP, file_response, later
from yanglao.web.kit.screens import on_record
from yanglao.web.kit.sheets import Origin, excel_value, write_book, write_zipped_csv
from yanglao.web.kit.tables import TableSpec, ordered

__all__ = ["excel_response", "excel_value", "write_sheet"]

#: More rows than this are written by a job (setting ``EXPORT_AT_ONCE``).
_AT_ONCE = 50_000


def excel_response(
    request: HttpRequest,
    spec: TableSpec,
    rows: "QuerySet[Any] | Iterable[Any]",
    *,
    title: str,
    file_name: str = "",
    note: str = "",
    without: Sequence[str] = (),
    masked: bool = True,
    behind: "QuerySet[Any] | None" = None,
) -> HttpResponseBase:
    """Answer with the list as a file, with the columns of its table.

    Args:
        request: Carries ``?sort=``, ``?format=`` and ``request.reader`` for the note.
        spec: The table; hidden columns are written too.
        rows: All rows, not a page; querysets are read in chunks and sorted as on screen.
        title: First line of the sheet, and the file name unless ``file_name`` is given.
        file_name: Without ending.
        note: Added to the second line (filters in words).
        without: Names of columns to leave out.
        masked: Write ID numbers masked as on screen. ``False`` only where the screen's permission
            is for full numbers and the act is recorded.
        behind: When ``rows`` come one by one out of a queryset, that queryset: it tells whether
            the list is long.
    """
    columns = [column for column in spec.columns if column.name not in without]
    making = getattr(request, "making", None)
    source = rows if isinstance(rows, QuerySet) else behind
    if making is None and source is not None and _is_long(source):
        return later(request, title)
    lines: Iterable[Any] = rows
    if isinstance(rows, QuerySet):
        lines = ordered(rows, spec.order_of(request)).iterator(chunk_size=2000)
    elif isinstance(rows, Sequence):
        lines = ordered(rows, spec.order_of(request))
    if making:
        total = source.order_by().count() if source is not None else 0
        lines = _watched(lines, total, making.report)
    zipped = request.GET.get("format") == "csv"
    write = write_zipped_csv if zipped else write_book
    origin = _origin(request, title, note)
    name = f"{file_name or title}.{'zip' if zipped else 'xlsx'}"
    # Closed by FileResponse after sending.
    file: BinaryIO = making.file if making else tempfile.TemporaryFile()  # noqa: SIM115
    try:
        count = write(file, columns, lines, origin=origin, masked=masked)
        _record(request, title, count, masked, zipped=zipped)
    except BaseException:
        file.close()
        raise
    if making:
        making.name, making.rows = name, count
        return HttpResponse(status=204)
    file.seek(0)
    return file_response(file, name, ZIP if zipped else XLSX)


def write_sheet(
    file: BinaryIO,
    columns: Sequence[Column],
    rows: Iterable[Any],
    *,
    title: str,
    note: str,
    masked: bool = True,
) -> int:
    """Write a workbook with a second line of its own and return the number of rows."""
    origin = Origin(title, "", "", note)
    return write_book(file, columns, rows, origin=origin, masked=masked, note=note)


def _is_long(rows: "QuerySet[Any]") -> bool:
    most = int(getattr(settings, "EXPORT_AT_ONCE", _AT_ONCE))
    # Reads no further than it must: counting a million leads takes as long as some pages.
    return rows.order_by()[most : most + 1].exists()


def _watched(lines: Iterable[Any], total: int, report: Any = silent) -> Iterable[Any]:
    for count, line in enumerate(lines):
        if count % 1000 == 0:
            report(count, max(total, count), _("写出表格"))
        yield line


def _origin(request: HttpRequest, title: str, note: str) -> Origin:
    reader = getattr(request, "reader", None)
    who = reader.name if reader else _("公开页面")
    return Origin(title, who, localtime(clock.now()).strftime("%Y-%m-%d %H:%M"), note)


def _record(request: HttpRequest, title: str, count: int, masked: bool, *, zipped: bool) -> None:
    """Write down that a list left the program; a list for everybody is nobody's act."""
    reader: Reader | None = getattr(request, "reader", None)
    if reader is None:
        return
    with on_record(), transaction.atomic():
        audit.record(
            reader,
            "list_exported",
            subject="list",
            subject_id=request.path[:60],
            place_code=reader.area,
            detail={
                "title": title,
                "rows": count,
                "masked": masked,
                "as": "csv" if zipped else "xlsx",
            },
        )
