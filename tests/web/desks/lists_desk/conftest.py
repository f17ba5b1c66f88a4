"""Places, a fixed day, a folder of its own; ways to hand lists in."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.flows.conftest import listed
from tests.web.desks.match_desk.world import COUNTY, TODAY, VILLAGE, make_places
from yanglao.domain.places.queries import forget_codes
from yanglao.kernel.idnumber import check_digit


@pytest.fixture(autouse=True)
def _fixed_day_places_and_own_folder(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Any:
    monkeypatch.setenv("YANGLAO_TODAY", TODAY.isoformat())
    monkeypatch.setenv("YANGLAO_HOME", str(tmp_path))
    make_places()
    forget_codes()
    yield
    forget_codes()


def number(order: int, area: str = "653222") -> str:
    """Return a valid ID number."""
    first = f"{area}19440305{order:03}"
    return first + check_digit(first)


def disabled(order: int, **more: Any) -> dict[str, Any]:
    """Return a row of a disability list."""
    row = {"姓名": f"买买提{order}", "残疾人证号": f"{number(order)}42", "发证日期": "2020-01-05"}
    return row | more


def registered(order: int, **more: Any) -> dict[str, Any]:
    """Return a row of the household register."""
    row = {"姓名": f"买买提{order}", "公民身份号码": number(order), "户籍地区划代码": VILLAGE}
    return row | more


@pytest.fixture
def upload() -> Callable[..., Any]:
    """Return ``upload(client, rows or bytes, …)``: posts the form and returns the answer."""

    def post(client: Client, *files: Any, name: str = "名单", **more: Any) -> Any:
        sent = [
            SimpleUploadedFile(f"{name}{at}.xlsx", one if isinstance(one, bytes) else listed(one))
            for at, one in enumerate(files, 1)
        ]
        told = {
            "sender": "墨玉县残联",
            "division": COUNTY,
            "month": "2026-10",
            "full": "no",
            "kind": "",
        }
        return client.post(reverse("lists_desk:upload"), {**told, "lists": sent, **more})

    return post


@pytest.fixture
def take(upload: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``take(client, …)``: uploads, confirms, lets the worker run; the job's answer."""
    from yanglao.foundation import jobs

    def whole(client: Client, *files: Any, **more: Any) -> Any:
        check = upload(client, *files, **more).url
        job = client.post(f"{check}take-in/").url
        jobs.run_all()
        return client.get(job)

    return whole
