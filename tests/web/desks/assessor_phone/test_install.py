"""What a phone needs to put the form on its home screen."""

import re
import struct
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from yanglao.web.kit.assets import DIST

pytestmark = pytest.mark.django_db

COUNTY = "653222000000"


def test_every_phone_finds_an_icon_it_can_draw(client_as: Callable[..., Any]) -> None:
    """iOS takes no SVG and no manifest icon: it looks for a PNG named on the page."""
    client = client_as("assessor", COUNTY)
    told = client.get(reverse("assessor_phone:manifest")).json()["icons"]
    sizes = {one["sizes"] for one in told if one["type"] == "image/png"}
    assert sizes == {"192x192", "512x512"}
    page = client.get(reverse("assessor_phone:page")).content.decode()
    linked = re.findall(r'rel="apple-touch-icon" sizes="180x180" href="[^"]*(icon-180\.png)', page)
    assert linked == ["icon-180.png"]
    for side in (180, 192, 512):
        head = (DIST / f"icon-{side}.png").read_bytes()[:24]
        assert head[:8] == b"\x89PNG\r\n\x1a\n"
        assert struct.unpack(">II", head[16:]) == (side, side)
