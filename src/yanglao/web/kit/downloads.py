"""Files as answers: attachments with Chinese names, never cached by what stands between."""

from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"


def file_response(file: BinaryIO | Path, name: str, kind: str = XLSX) -> HttpResponseBase:
    """Answer with a file to save.

    Args:
        file: An open file at its start, or a path. It is closed after sending.
        name: File name shown to the reader; Chinese is fine (RFC 5987 is used).
        kind: Media type.
    """
    handle = file.open("rb") if isinstance(file, Path) else file
    response = FileResponse(handle, as_attachment=True, filename=name, content_type=kind)
    return _private(response)


def stream_response(pieces: Iterable[bytes], name: str, kind: str = CSV) -> HttpResponseBase:
    """Answer with pieces made on the way, for long CSV files."""
    response = StreamingHttpResponse(pieces, content_type=kind)
    # FileResponse knows how to write a Chinese file name; borrow the header from it.
    response["Content-Disposition"] = FileResponse(as_attachment=True, filename=name)[
        "Content-Disposition"
    ]
    return _private(response)


def _private(response: HttpResponseBase) -> HttpResponseBase:
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
