"""Flows: a small Hetian with its places and nobody in it, and a folder of its own for each test."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from yanglao.domain.places.public import load_divisions
from yanglao.flows.take_in_list import TakenIn, take_in
from yanglao.foundation.scoping import Reader, system_reader

#: Headers and example values of each kind, as departments write them.
Row = dict[str, Any]
REGION = "653200000000"
MONTH = date(2026, 10, 1)


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Flows keep files beside the database; each test has its own folder."""
    monkeypatch.setenv("YANGLAO_HOME", str(tmp_path))


@pytest.fixture(scope="session")
def hetian_rows(django_db_setup: None, django_db_blocker: Any) -> list[dict[str, Any]]:
    """The rows of all places of Hetian, made once from the table that comes with the program."""
    from django.db import transaction

    from yanglao.domain.places.models import Division

    with django_db_blocker.unblock(), transaction.atomic():
        load_divisions("hetian")
        rows = list(Division.objects.order_by("code").values())
        transaction.set_rollback(True)
    return rows


@pytest.fixture
def tiny_hetian(db: None, hetian_rows: list[dict[str, Any]]) -> Iterator[str]:
    """Hetian's places and nobody in them; gives the code of the prefecture."""
    from yanglao.domain.places.models import Division
    from yanglao.domain.places.queries import forget_codes

    Division.objects.bulk_create([Division(**row) for row in hetian_rows])
    yield REGION
    forget_codes()


def workbook(sheets: dict[str, list[list[Any]]]) -> bytes:
    """Return an xlsx with the given cells; ID numbers stay text. Equal cells make equal bytes."""
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_numbers": False}) as book:
        # Else it says when it was made, and a test would hang on the second it ran in.
        book.set_properties({"created": datetime(2026, 11, 1, tzinfo=UTC)})
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for at, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, str):
                        page.write_string(at, column, cell)
                    elif cell is not None:
                        page.write(at, column, cell)
    return target.getvalue()


def listed(rows: list[Row], *, title: str = "", sheet: str = "名单") -> bytes:
    """Return an xlsx of rows given as header to cell; a title row above when given."""
    headers = list(dict.fromkeys(header for row in rows for header in row))
    cells: list[list[Any]] = [[title]] if title else []
    cells.append(list(headers))
    cells += [[row.get(header) for header in headers] for row in rows]
    return workbook({sheet: cells})


@pytest.fixture
def hand_in(tiny_hetian: str) -> Callable[..., TakenIn]:
    """Return ``hand_in(rows or file, …)``: takes one batch in as the program itself."""

    def make(
        *files: bytes | list[Row],
        month: date | None = MONTH,
        full: bool = False,
        division: str = "6532",
        acting: Reader | None = None,
        **more: Any,
    ) -> TakenIn:
        named = [
            (f"名单{at}.xlsx", one if isinstance(one, bytes) else listed(one))
            for at, one in enumerate(files, 1)
        ]
        return take_in(
            named,
            acting=acting or system_reader(tiny_hetian),
            division=division,
            month=month,
            full=full,
            **more,
        )

    return make
