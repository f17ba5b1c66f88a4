"""A screen lets in whom it should, says whether it writes, and fails when a GET writes."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from tests.web.kit.conftest import reader
from yanglao.web.kit.screens import (
    WriteInReadingScreen,
    is_part,
    render_page_or_part,
    screen,
    screen_info,
)

Make = Callable[..., HttpRequest]


@screen("see_leads")
def reading(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


@screen("work_leads", writes=True)
def writing(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


def test_the_declaration_stays_readable() -> None:
    info = screen_info(writing)
    assert info is not None
    assert (info.permission, info.writes, info.public) == ("work_leads", True, False)
    assert screen_info(lambda request: None) is None


def test_without_account_the_way_leads_to_login(rf: RequestFactory) -> None:
    request = rf.get("/leads/?page=2")
    request.reader = None  # type: ignore[attr-defined]
    response = reading(request)
    assert response.status_code == 302
    assert response["Location"] == "/login/?next=/leads/%3Fpage%3D2"


def test_a_fragment_moves_the_whole_page_to_login(rf: RequestFactory) -> None:
    """A login page must not appear inside a list."""
    request = rf.get(
        "/leads/list/", headers={"HX-Request": "true", "HX-Current-URL": "http://a.cn/leads/"}
    )
    request.reader = None  # type: ignore[attr-defined]
    response = reading(request)
    assert response.status_code == 200
    assert response["HX-Redirect"] == "/login/?next=/leads/"


def test_permission_is_asked(make_request: Make) -> None:
    assert reading(make_request("/kit/gallery/", "see_leads")).status_code == 200
    with pytest.raises(PermissionDenied):
        reading(make_request("/kit/gallery/", "see_people"))


def test_a_reading_screen_takes_no_post(rf: RequestFactory) -> None:
    request = rf.post("/")
    request.reader = reader("see_leads", "work_leads")  # type: ignore[attr-defined]
    assert reading(request).status_code == 405
    assert writing(request).status_code == 200


def test_permission_is_asked_before_the_method(rf: RequestFactory) -> None:
    """Who may not see a screen learns nothing about it, not even its methods."""
    request = rf.post("/")
    request.reader = reader()  # type: ignore[attr-defined]
    with pytest.raises(PermissionDenied):
        reading(request)


def test_public_excludes_a_permission() -> None:
    with pytest.raises(ValueError, match="public"):
        screen("see_leads", public=True)


def test_public_needs_no_login(rf: RequestFactory) -> None:
    @screen(None, public=True)
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse("ok")

    request = rf.get("/")
    request.reader = None  # type: ignore[attr-defined]
    assert view(request).status_code == 200
    assert view.login_required is False  # type: ignore[attr-defined]


def _writer(act: Callable[[], Any], **declared: bool) -> Callable[..., Any]:
    @screen(None, writes=True, public=True, **declared)
    def view(request: HttpRequest) -> HttpResponse:
        act()
        return HttpResponse("ok")

    return view


ACTS: dict[str, Callable[[], Any]] = {
    "insert": lambda: Group.objects.create(name="x"),
    "update": lambda: Group.objects.update(name="x"),
    "delete": lambda: connection.cursor().execute("DELETE FROM auth_group"),
    "many": lambda: Group.objects.bulk_create([Group(name="a"), Group(name="b")]),
    "with": lambda: connection.cursor().execute(
        "WITH a AS (SELECT 1 AS id) DELETE FROM auth_group WHERE id IN (SELECT id FROM a)"
    ),
    "comment": lambda: connection.cursor().execute("/* a */ DELETE FROM auth_group"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_a_get_that_writes_fails(act: Callable[[], Any], rf: RequestFactory) -> None:
    """Also in a screen that may write: only its POST may."""
    view = _writer(act)
    with pytest.raises(WriteInReadingScreen, match="auth_group"), transaction.atomic():
        view(rf.get("/"))
    assert view(rf.post("/")).status_code == 200


@pytest.mark.django_db
def test_reading_is_no_writing(rf: RequestFactory) -> None:
    def read() -> None:
        list(Group.objects.filter(name__startswith="INSERT INTO"))
        with connection.cursor() as cursor:
            cursor.execute("WITH a AS (SELECT name AS updated FROM auth_group) SELECT * FROM a")

    assert _writer(read)(rf.get("/")).status_code == 200


@pytest.mark.django_db
def test_the_guard_is_taken_off_after_the_screen(rf: RequestFactory) -> None:
    with pytest.raises(WriteInReadingScreen), transaction.atomic():
        _writer(ACTS["insert"])(rf.get("/"))
    Group.objects.create(name="later")


@pytest.mark.django_db
def test_a_trace_of_reading_may_be_left(rf: RequestFactory) -> None:
    """Looking at something sensitive is recorded, and that alone may be written on GET."""
    from yanglao.foundation.models import AuditEntry

    sql = f"DELETE FROM {AuditEntry._meta.db_table}"
    act = lambda: connection.cursor().execute(sql)  # noqa: E731
    assert _writer(act, leaves_trace=True)(rf.get("/")).status_code == 200
    with pytest.raises(WriteInReadingScreen), transaction.atomic():
        _writer(act)(rf.get("/"))
    with pytest.raises(WriteInReadingScreen), transaction.atomic():
        _writer(ACTS["insert"], leaves_trace=True)(rf.get("/"))


@pytest.mark.django_db
def test_in_production_the_guard_only_logs(
    rf: RequestFactory, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.KIT_GUARD_READS = False
    assert _writer(ACTS["insert"])(rf.get("/")).status_code == 200
    assert "wrote to the database: INSERT auth_group" in caplog.text


@pytest.mark.parametrize(
    ("headers", "part"),
    [
        ({}, False),
        ({"HX-Request": "true"}, True),
        ({"HX-Request": "true", "HX-Boosted": "true"}, False),
        ({"HX-Request": "true", "HX-History-Restore-Request": "true"}, False),
    ],
)
def test_when_a_fragment_is_asked(headers: dict[str, str], part: bool, rf: RequestFactory) -> None:
    assert is_part(rf.get("/", headers=headers)) is part


def test_page_and_part_vary_by_the_header(make_request: Make) -> None:
    """Without it the browser's back button shows a bare part out of its cache."""
    for headers in ({}, {"HX-Request": "true"}):
        response = render_page_or_part(
            make_request(**headers),
            "kit/gallery/elder.html",
            "kit/errors/part.html",
            {"what": "a", "why": "b", "now": "c"},
        )
        assert "HX-Request" in response["Vary"]
        assert (b"<html" in response.content) is not bool(headers)
