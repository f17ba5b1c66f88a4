"""Health for whoever asks, numbers for whoever may; neither says anything of anybody."""

from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.test import Client

from tests.web.desks.factories import (  # noqa: F401  fixtures
    COUNTY,
    World,
    _fixed_day_and_own_folder,
    places,
    world,
)
from yanglao.foundation import jobs
from yanglao.foundation.scoping import system_reader

pytestmark = pytest.mark.django_db


def test_alive_before_ready(client: Client) -> None:
    assert client.get("/health/live").content == b"live\n"
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.content) == (503, b"no catalogue\n")


def test_ready_with_a_catalogue(client: Client, world: World) -> None:  # noqa: F811
    assert client.get("/health/ready").status_code == 200


def test_numbers_for_this_machine_or_with_the_token(
    client: Client,
    world: World,  # noqa: F811
    settings: LazySettings,
    client_as: Callable[..., Client],
) -> None:
    client_as("county", COUNTY).get("/leads/")
    jobs.defer("sweep_uploads", system_reader())
    told = client.get("/metrics").content.decode()
    assert 'yanglao_jobs{state="waiting"} 1.0' in told
    assert "yanglao_oldest_waiting_job_seconds" in told
    assert "yanglao_last_match_age_seconds" in told
    assert 'view="leads_desk:board"' in told
    assert world.old.name not in told
    assert world.old.id_number not in told
    assert COUNTY not in told
    far = Client(REMOTE_ADDR="10.0.0.8")
    assert far.get("/metrics").status_code == 403
    settings.METRICS_TOKEN = "a-token-of-the-monitoring"
    assert far.get("/metrics", HTTP_AUTHORIZATION="Bearer wrong").status_code == 403
    right = far.get("/metrics", HTTP_AUTHORIZATION="Bearer a-token-of-the-monitoring")
    assert right.status_code == 200
    proxied = client.get("/metrics", HTTP_VIA="1.1 gateway")
    assert proxied.status_code == 403
