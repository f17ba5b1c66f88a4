"""Files as answers: attachments with Chinese names, never cached by what stands between.

A long file is made by a job: :func:`later` asks for it and leads to a page that waits. The job
calls the very screen again, with the reader who asked, and keeps what it writes for a day,
sealed in pieces.
"""

import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils.module_loading import import_string

from yanglao.foundation import clock
from yanglao.foundation.jobs import bind, defer, jobs_of_area
from yanglao.foundation.models import Job
from yanglao.foundation.progress import Progress
from yanglao.foundation.scoping import Reader
from yanglao.foundation.secrets import open_pieces, sealed_folder, writing_pieces
from yanglao.web.kit.screens import on_record, screen_info

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
ZIP = "application/zip"
#: A file made by a job is there this long.
KEPT = timedelta(days=1)
_NAME = re.compile(r"[0-9]{1,18}")


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


@dataclass(slots=True)
class Making:
    """A file that a job is making: where it goes, and what the screen says of it.

    Attributes:
        file: Where the screen writes to, from beginning to end. report: Called with rows done.
        name: File name for the reader. rows: How many.
    """

    file: BinaryIO = field(repr=False)
    report: Progress
    name: str = ""
    rows: int = 0


def later(request: HttpRequest, title: str) -> HttpResponseBase:
    """Ask for a job that makes the file of this very address; lead to the page that waits."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    query = request.META.get("QUERY_STRING", "")
    with on_record():
        job = defer("make_download", reader, path=request.path, query=query, title=title)
    return redirect("kit:download", pk=job.pk)


@bind("make_download")
def make_download(
    job: Job, report: Progress, *, path: str, query: str, title: str
) -> dict[str, Any]:
    """Make the file of a screen for the reader who asked; what he may do is checked again.

    Raises:
        PermissionError: When his account is closed, or lost the permission since.
    """
    asker = _asker(job)
    view, args, kwargs = _view_of(path)
    info = screen_info(view)
    if info is None or info.permission is None or not asker.can(info.permission):
        raise PermissionError("没有导出这个名单的权限。")
    request = HttpRequest()
    request.method, request.path, request.path_info = "GET", path, path
    request.META = {"QUERY_STRING": query, "SERVER_NAME": "localhost", "SERVER_PORT": "80"}
    request.reader = request.full_reader = asker  # type: ignore[attr-defined]
    sweep_downloads()
    folder = sealed_folder("downloads") / str(job.pk)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    request._messages = None  # type: ignore[attr-defined]
    with writing_pieces(folder / "file") as file:
        making = Making(file, report)
        request.making = making  # type: ignore[attr-defined]
        view(request, *args, **kwargs)
        size = file.written  # type: ignore[attr-defined]
    told = {"name": making.name, "rows": making.rows, "size": size}
    report(making.rows, making.rows, "完成")
    return {**told, "title": title}


def download_of(reader: Reader, pk: int) -> Job | None:
    """Return the job of a download; only who asked for it has it."""
    rows = jobs_of_area(reader).filter(name="make_download", asked_by_id=reader.user_id)
    return rows.filter(pk=pk).first() if reader.user_id is not None else None


def file_of(job: Job) -> Path | None:
    """Return the sealed file of a finished download, ``None`` when it is not there (any more)."""
    path = sealed_folder("downloads") / str(job.pk) / "file"
    done = job.state == Job.State.DONE and job.finished_at is not None
    if not done or clock.now() - job.finished_at > KEPT or not path.exists():  # type: ignore[operator]
        return None
    return path


def send_made(job: Job, path: Path, kind: str) -> HttpResponseBase:
    """Answer with the file of a finished download, opened piece by piece while it is sent."""
    told: Any = job.outcome
    response = file_response(open_pieces(path), str(told["name"]), kind)
    # The stream can't tell: without this a browser shows no progress.
    response["Content-Length"] = str(told["size"])
    return response


def sweep_downloads() -> int:
    """Remove files of more than a day ago; return how many."""
    removed = 0
    limit = clock.now().timestamp() - KEPT.total_seconds()
    for folder in sealed_folder("downloads").iterdir():
        if _NAME.fullmatch(folder.name) and folder.stat().st_mtime < limit:
            shutil.rmtree(folder, ignore_errors=True)
            removed += 1
    return removed


def _asker(job: Job) -> Reader:
    """Return the reader who asked, as he is now, limited to the place he stood at."""
    reader: Reader | None = import_string(settings.KIT_READER)(job.asked_by_id or 0)
    if reader is None:
        raise PermissionError("提出导出的账号已经停用。")
    return reader.narrowed(job.area)


def _view_of(path: str) -> tuple[Any, tuple[Any, ...], dict[str, Any]]:
    try:
        found = resolve(path)
    except Resolver404 as problem:
        raise LookupError("这个名单的地址已经不在了，请重新导出。") from problem
    return found.func, found.args, found.kwargs


def _private(response: HttpResponseBase) -> HttpResponseBase:
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
