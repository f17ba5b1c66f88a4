"""Numbers for the public: small ones hidden in every table that leaves the office."""

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.test import Client

from tests.web.desks.factories import (  # noqa: F401  fixtures
    COUNTY,
    PREFECTURE,
    READER,
    World,
    _fixed_day_and_own_folder,
    more_leads,
    places,
    world,
)
from yanglao.domain.leads.public import ProgressRow
from yanglao.flows.publish_counts import HIDDEN, published_items, published_progress

pytestmark = pytest.mark.django_db


def rows_of(response: Any) -> list[tuple[Any, ...]]:
    content = b"".join(response.streaming_content)
    for close in response._resource_closers:
        close()
    book = openpyxl.load_workbook(io.BytesIO(content))
    told = {row[0].value: row[1].value for row in book["说明"].iter_rows()}
    assert HIDDEN in told["条件"]
    return [tuple(cell.value for cell in row) for row in book.worksheets[0].iter_rows(4)]


def test_small_counts_are_hidden_and_large_ones_told(world: World) -> None:  # noqa: F811
    more_leads(30)
    told = published_items(READER)
    assert {row.place for row in told} >= {"墨玉县", "合计"}
    counts = [part for row in told for part in (*row.parts, row.total)]
    assert HIDDEN in counts and any(isinstance(one, int) and one >= 30 for one in counts)
    assert not any(isinstance(one, int) and 0 < one < 5 for one in counts)


@pytest.mark.parametrize("path", ["/leads/progress-public.xlsx", "/policies/catalogue-public.xlsx"])
def test_files_for_the_public(
    path: str,
    client_as: Callable[..., Client],
    world: World,  # noqa: F811
) -> None:
    rows = rows_of(client_as("prefecture", PREFECTURE).get(path))
    numbers = [cell for row in rows for cell in row if isinstance(cell, int | float)]
    assert rows and not any(0 < number < 5 for number in numbers)
    assert client_as("clerk", COUNTY).get(path).status_code == 403


def test_nothing_to_publish() -> None:
    assert published_progress([], []) == []
    one = published_progress(
        [ProgressRow(code=COUNTY, open=0, delivered=9, declined=0, total=9)], ["甲"]
    )
    assert [row.total for row in one] == [9, 9]
