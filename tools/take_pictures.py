"""Take the pictures of the README from a running demo, as small files.

    yanglao demo --people 2500 --port 8000 --fresh        (in another window)
    python tools/take_pictures.py http://127.0.0.1:8000 [name …]

Debian's Chromium draws the pages; each picture is kept with its 256 most frequent colours, which
for a page is nearly all of them and a third of the bytes. Needs the development packages.
"""

from __future__ import annotations

import base64
import re
import struct
import sys
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

PICTURES = Path(__file__).resolve().parent.parent / "docs/pictures"
PASSWORD = "yanglao-demo"  # noqa: S105 - a demo's, printed by it
DESK, PHONE = (1280, 800), (390, 740)
COLOURS = 256
#: Draws a PNG on a canvas and gives its red, green and blue bytes.
_PIXELS = """async (png) => {
  const bytes = Uint8Array.from(atob(png), (one) => one.charCodeAt(0))
  const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
  const canvas = new OffscreenCanvas(image.width, image.height)
  const pen = canvas.getContext('2d')
  pen.drawImage(image, 0, 0)
  const { data } = pen.getImageData(0, 0, image.width, image.height)
  let told = ''
  for (let at = 0; at < data.length; at += 4)
    told += String.fromCharCode(data[at], data[at + 1], data[at + 2])
  return [image.width, image.height, btoa(told)]
}"""


@dataclass(frozen=True)
class Picture:
    """A picture: who looks, where he begins, what he does there, how large his screen is."""

    who: str
    address: str
    size: tuple[int, int] = DESK
    then: Callable[[Page], None] | None = None


def _first(pattern: str) -> Callable[[Page], None]:
    """Open the first address of a page that fits."""

    def then(page: Page) -> None:
        told = page.eval_on_selector_all("main [href]", "all => all.map(one => one.pathname)")
        told += page.eval_on_selector_all(
            "main [data-href]", "all => all.map(one => one.dataset.href)"
        )
        address = next(one for one in told if re.fullmatch(pattern, one or ""))
        page.goto(f"{page.url.partition('/')[0]}//{page.url.split('/')[2]}{address}")
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(800)

    return then


def _first_sheet(page: Page) -> None:
    page.wait_for_selector("body[data-ready=yes]")
    page.locator("main a[href*='#/']").first.click()
    page.wait_for_timeout(800)


def _charts(page: Page) -> None:
    page.wait_for_timeout(800)


TAKEN = {
    "workbench": Picture("moyu", "/", then=_charts),
    "leads": Picture("moyu", "/leads/"),
    "lists": Picture("moyu", "/lists/"),
    "village": Picture("cun", "/", PHONE),
    "assessments": Picture("moyu", "/assessment/"),
    "assessor": Picture("assessor1", "/assessor-phone/", PHONE, _first_sheet),
    "benefits": Picture("moyu", "/benefits/", then=_first(r"/benefits/\d+/")),
    "payments": Picture("diqu", "/payments/", then=_first(r"/payments/\d+/")),
    "what-if": Picture("diqu", "/drafting/", then=_first(r"/drafting/comparison/\d+/")),
    "early": Picture("moyu", "/early/", then=_charts),
    "insurance": Picture("diqu", "/insurance/", then=_charts),
}


def take(base: str, names: list[str]) -> None:
    """Take the pictures named, or all."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium")
        for name in names or list(TAKEN):
            png = _shot(browser, base, TAKEN[name])
            small = _smaller(browser, png)
            (PICTURES / f"{name}.png").write_bytes(small)
            print(f"{name}.png  {len(small) // 1024} kB (was {len(png) // 1024} kB)")
        browser.close()


def _shot(browser: Browser, base: str, picture: Picture) -> bytes:
    width, height = picture.size
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="zh-CN", timezone_id="Asia/Shanghai"
    )
    page = context.new_page()
    page.goto(f"{base}/login/?next={picture.address}")
    page.fill("input[name=username]", picture.who)
    page.fill("input[name=password]", PASSWORD)
    page.get_by_role("button", name="登录", exact=False).first.click()
    page.wait_for_load_state("networkidle")
    if picture.then:
        picture.then(page)
    png = page.screenshot()
    context.close()
    return png


def _smaller(browser: Browser, png: bytes) -> bytes:
    """Return a picture with its most frequent colours; others become the nearest of them."""
    page = browser.new_page()
    width, height, told = page.evaluate(_PIXELS, base64.b64encode(png).decode())
    page.close()
    data = base64.b64decode(told)
    pixels = list(zip(data[0::3], data[1::3], data[2::3], strict=True))
    counted = [colour for colour, _count in Counter(pixels).most_common()]
    palette = counted[:COLOURS]
    index = {colour: at for at, colour in enumerate(palette)}
    for colour in counted[COLOURS:]:
        index[colour] = min(range(len(palette)), key=lambda at: _apart(colour, palette[at]))
    rows = bytearray()
    for row in range(height):
        rows.append(0)
        rows += bytes(index[pixel] for pixel in pixels[row * width : (row + 1) * width])
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            _chunk(b"PLTE", bytes(part for colour in palette for part in colour)),
            _chunk(b"IDAT", zlib.compress(bytes(rows), 9)),
            _chunk(b"IEND", b""),
        )
    )


def _apart(one: tuple[int, int, int], other: tuple[int, int, int]) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


if __name__ == "__main__":
    take(sys.argv[1].rstrip("/"), sys.argv[2:])
