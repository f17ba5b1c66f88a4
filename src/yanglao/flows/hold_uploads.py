"""Files between being uploaded and being taken in: held in a folder, seen by their owner only.

A clerk uploads, looks at what would happen, perhaps says what a column means, and confirms; only
then is anything written to the tables. Until then the files lie sealed in the
folder ``YANGLAO_HOME/uploads/<token>``; they go away when they were taken in, when the clerk gives
up, or after a day.
"""

import json
import os
import re
import secrets
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from yanglao.flows.take_in_list import Preview, TakenIn, preview, take_in
from yanglao.foundation import clock
from yanglao.foundation.progress import Progress, silent
from yanglao.foundation.scoping import Reader
from yanglao.foundation.secrets import (
    KeyProblem,
    SealBroken,
    keyed_digest,
    read_sealed,
    sealed_folder,
    write_sealed,
)

#: Held files nobody came back for are removed after this long.
KEPT_FOR = timedelta(days=1)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{30,60}")
_ASKED = "asked.json"
_GONE = ".gone-"
_SEEN = "preview.json"


class UploadGone(LookupError):
    """There is no such upload (any more), or it is somebody else's; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a clerk says about the files.

    Attributes:
        sender: Who hands them in. division: 12-digit place they are for.
        month: First day, ``None`` when not told. full: Complete for kind, place and month.
        kind: List kind, ``""`` to recognise it. mapping: Foreign column name to ours, ``""`` for
            a column that is kept as received.
    """

    sender: str
    division: str
    month: date | None
    full: bool
    kind: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HeldFile:
    """One of the files: its name as given, bytes, and the digest that lists are kept under."""

    name: str
    size: int
    hash: str


@dataclass(frozen=True, slots=True)
class HeldUpload:
    """An upload that waits.

    Attributes:
        token: Its name in addresses. asked: What the clerk said. files: In the order given.
        held_at: When it came.
        seen: What :func:`look_again` found, as plain values (see ``Preview``).
    """

    token: str
    asked: Asked
    files: tuple[HeldFile, ...]
    held_at: datetime
    seen: dict[str, Any]


def hold(
    files: Iterable[tuple[str, Iterable[bytes]]], *, asked: Asked, acting: Reader
) -> HeldUpload:
    """Keep uploaded files, look at them, and return the upload; nothing is written to the tables.

    Raises:
        PermissionError: When the place lies outside the acting person's area.
    """
    if not acting.covers(asked.division):
        raise PermissionError("只能接收自己辖区的名单。")
    sweep()
    token = secrets.token_urlsafe(32)
    folder = sealed_folder("uploads") / token
    folder.mkdir(mode=0o700)
    kept = [_keep(folder / f"{at:03}", name, pieces) for at, (name, pieces) in enumerate(files)]
    upload = HeldUpload(token, asked, tuple(kept), clock.now(), {})
    _write(upload, acting)
    return look_again(token, acting=acting)


def held(token: str, *, acting: Reader) -> HeldUpload:
    """Return an upload of the acting person.

    Raises:
        UploadGone: When there is none, it is older than a day, or somebody else brought it.
    """
    gone = UploadGone("这次上传已经接收、取消或者过期，请重新上传。")
    if not _TOKEN.fullmatch(token):
        raise gone
    folder = sealed_folder("uploads") / token
    try:
        told = _read(folder / _ASKED)
    except FileNotFoundError:
        raise gone from None
    held_at = datetime.fromisoformat(told["held_at"])
    if told["owner"] != _owner(acting) or clock.now() - held_at > KEPT_FOR:
        raise gone
    seen_file = folder / _SEEN
    seen = _read(seen_file) if seen_file.exists() else {}
    asked = dict(told["asked"])
    month = asked.pop("month")
    return HeldUpload(
        token=token,
        asked=Asked(month=date.fromisoformat(month) if month else None, **asked),
        files=tuple(HeldFile(**one) for one in told["files"]),
        held_at=held_at,
        seen=seen,
    )


def say_columns(
    token: str, mapping: Mapping[str, str], *, acting: Reader, kind: str = ""
) -> HeldUpload:
    """Take the clerk's word for what columns mean (and of what kind all is), and look again.

    Raises:
        UploadGone: As :func:`held`.
    """
    upload = held(token, acting=acting)
    both = {**upload.asked.mapping, **mapping}
    asked = replace(upload.asked, mapping=both, kind=kind or upload.asked.kind)
    _write(replace(upload, asked=asked), acting)
    return look_again(token, acting=acting)


def look_again(token: str, *, acting: Reader) -> HeldUpload:
    """Read the files and keep what taking them in would do.

    Raises:
        UploadGone: As :func:`held`.
    """
    upload = held(token, acting=acting)
    asked = upload.asked
    found: Preview = preview(
        _contents(upload),
        reader=acting,
        sender=asked.sender,
        kind=asked.kind or None,
        mapping=asked.mapping or None,
    )
    seen = asdict(found)
    text = json.dumps(seen, ensure_ascii=False, default=_plain)
    write_sealed(_folder(token) / _SEEN, text.encode())
    return replace(upload, seen=json.loads(text))


def take_in_held(
    token: str, *, acting: Reader, report: Progress = silent, keep: bool = False
) -> TakenIn:
    """Take a held upload in as one batch, then let go of the files.

    Args:
        token: The upload.
        acting: Who takes it in.
        report: Told how far it is.
        keep: Leave the files to whoever calls: a job that is killed after the batch is in and
            before its own end is written runs again, and must find them (nothing goes in twice).

    Raises:
        UploadGone: As :func:`held`.
        yanglao.flows.take_in_list.CannotTakeIn: When the batch as a whole is asked for wrongly.
    """
    upload = held(token, acting=acting)
    asked = upload.asked
    taken = take_in(
        _contents(upload),
        # Who runs the job may be the program itself: what the clerk may hand in, was kept.
        acting=replace(acting, kinds=acting.kinds or _kinds_of_owner(token)),
        division=asked.division,
        month=asked.month,
        full=asked.full,
        sender=asked.sender,
        kind=asked.kind or None,
        mapping=asked.mapping or None,
        report=report,
    )
    if not keep:
        let_go(token, acting=acting)
    return taken


def let_go(token: str, *, acting: Reader) -> None:
    """Remove an upload and its files.

    Raises:
        UploadGone: As :func:`held`.
    """
    held(token, acting=acting)
    # Out of the way in one step: an upload that is half removed would look like one that waits.
    gone = _folder(token).with_name(f"{_GONE}{token}")
    os.replace(_folder(token), gone)
    shutil.rmtree(gone, ignore_errors=True)


def sweep() -> int:
    """Remove uploads that nobody came back for; return how many."""
    removed = 0
    for folder in sealed_folder("uploads").iterdir():
        try:
            at = datetime.fromisoformat(_read(folder / _ASKED)["held_at"])
        except (FileNotFoundError, NotADirectoryError, ValueError, KeyError):
            continue
        except (SealBroken, KeyProblem):
            continue  # ``keys status`` tells of files that nobody can open
        if clock.now() - at > KEPT_FOR:
            shutil.rmtree(folder, ignore_errors=True)
            removed += 1
    return removed


def _folder(token: str) -> Path:
    return sealed_folder("uploads") / token


def _read(path: Path) -> Any:
    return json.loads(read_sealed(path))


def _owner(acting: Reader) -> str:
    """Return who owns what the acting person uploads; the program itself owns its own."""
    return str(acting.user_id) if acting.user_id is not None else f"-{acting.name}"


def _kinds_of_owner(token: str) -> frozenset[str]:
    """Return the list kinds that whoever uploaded is limited to; empty means all."""
    told = _read(_folder(token) / _ASKED)
    return frozenset(told["kinds"])


def _keep(path: Path, name: str, pieces: Iterable[bytes]) -> HeldFile:
    data = b"".join(pieces)
    write_sealed(path, data)
    return HeldFile(name, len(data), keyed_digest("file.lists", data))


def _write(upload: HeldUpload, acting: Reader) -> None:
    told = {
        "owner": _owner(acting),
        "kinds": sorted(acting.kinds),
        "held_at": upload.held_at.isoformat(),
        "asked": {**asdict(upload.asked), "mapping": dict(upload.asked.mapping)},
        "files": [asdict(one) for one in upload.files],
    }
    text = json.dumps(told, ensure_ascii=False, default=_plain)
    write_sealed(_folder(upload.token) / _ASKED, text.encode())


def _contents(upload: HeldUpload) -> Sequence[tuple[str, bytes]]:
    folder = _folder(upload.token)
    return [(one.name, read_sealed(folder / f"{at:03}")) for at, one in enumerate(upload.files)]


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"not a plain value: {value!r}")
