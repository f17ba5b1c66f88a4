"""A page that fails and a list that can't be taken in show nobody's number: page, log, address."""

import io
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from tests.web.desks.lists_desk.conftest import number, registered
from tests.web.desks.match_desk.world import COUNTY
from yanglao.flows import hold_uploads
from yanglao.foundation import jobs
from yanglao.foundation.logs import HidingFormatter
from yanglao.foundation.models import Job
from yanglao.web.desks.registry_desk.views import search

pytestmark = pytest.mark.django_db
ClientAs = Callable[..., Client]
Post = Callable[..., Any]
NUMBER, PHONE = number(7), "13812345678"
WRITTEN = (NUMBER, f"{NUMBER[:6]} {NUMBER[6:14]} {NUMBER[14:]}", PHONE)


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Every line of every logger, as the program formats it."""
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(HidingFormatter("{levelname} {name} {message}", style="{"))
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield lines
    root.setLevel(before)
    root.removeHandler(handler)


def told_in(*texts: str) -> list[str]:
    return [secret for secret in WRITTEN for text in texts if secret in text]


def stumbles(*_args: Any, **_kwargs: Any) -> Any:
    """Fail as careless code would: with what it was given in its mouth."""
    raise ValueError("cannot read " + " / ".join(WRITTEN))


def of_database(*_args: Any, **_kwargs: Any) -> Any:
    """Fail as a database does: PostgreSQL repeats the value."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT CAST(%s AS integer)", [f"no. {NUMBER}"])
        cursor.execute(f"SELECT '{PHONE}' FROM \"{NUMBER}\"")


@pytest.mark.parametrize("failing", [stumbles, of_database])
def test_a_page_that_fails_tells_no_number(
    client_as: ClientAs,
    logged: io.StringIO,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    failing: Callable[..., Any],
) -> None:
    """Somebody is looked for by number, and the search breaks."""
    monkeypatch.setattr(search, "find_people", failing)
    client = client_as("county", COUNTY)
    client.raise_request_exception = False
    led = client.post(reverse("kit:look"), {"to": reverse("registry_desk:search"), "q": NUMBER})
    answer = client.get(led["Location"])
    assert answer.status_code == 500
    page = answer.content.decode()
    assert "程序出错了" in page
    said = capfd.readouterr()
    assert "Traceback" in logged.getvalue(), "the error must be in the log"
    texts = (led["Location"], page, str(answer.headers), logged.getvalue(), said.out, said.err)
    assert told_in(*texts) == []


@pytest.mark.parametrize("failing", [stumbles, of_database])
def test_an_import_that_fails_tells_no_number(
    client_as: ClientAs,
    upload: Post,
    logged: io.StringIO,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    failing: Callable[..., Any],
) -> None:
    """The file's name and its rows hold a number, and taking it in breaks."""
    monkeypatch.setattr(hold_uploads, "take_in", failing)
    client = client_as("county", COUNTY)
    check = upload(client, [registered(7, 联系电话=PHONE)], name=NUMBER).url
    job_url = client.post(f"{check}take-in/").url
    [job] = jobs.run_all()
    assert job.state == Job.State.FAILED
    # The page ``check`` shows the uploader the first rows of his own file, and is to.
    part = client.get(job_url, headers={"HX-Request": "true"})
    pages = [client.get(job_url), part, client.get(reverse("lists_desk:upload"))]
    texts = [page.content.decode() for page in pages]
    assert "一行都没有写入" in texts[0]
    said = capfd.readouterr()
    addresses = [check, job_url, *(str(page.headers) for page in pages)]
    assert told_in(*texts) == []
    assert told_in(*addresses, logged.getvalue(), said.out, said.err) == []
    assert told_in(job.error) == [], "what administrators read of a failed job"


def test_the_search_finds_what_is_there() -> None:
    """The tests above are no use if they can't find anything."""
    assert told_in(f"x{WRITTEN[1]}y", PHONE) == [WRITTEN[1], PHONE]
