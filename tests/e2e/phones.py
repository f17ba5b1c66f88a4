"""An assessor's phone: a browser with a folder of its own that can lose the network."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, Playwright, expect
from playwright.sync_api import Error as BrowserError

from tests.conftest import PASSWORD
from tests.e2e.test_from_list_to_elder import FLAGS, RULES, STICKING_OUT

HOME = "/assessor-phone/"

#: Answers every question of the part that is on the screen, by its own controls; says how many.
_FILL = """(turn) => {
  let asked = 0
  for (const group of document.querySelectorAll('[role=radiogroup]')) {
    const inputs = [...group.querySelectorAll('input')]
    inputs[(turn + asked) % inputs.length].click()
    asked += 1
  }
  for (const group of document.querySelectorAll('[role=group]')) {
    const inputs = [...group.querySelectorAll('input')]
    if (!inputs.some(one => one.checked)) inputs[turn % 2].click()
    asked += 1
  }
  for (const input of document.querySelectorAll('.a-written input[type=text]')) {
    const number = input.inputMode === 'decimal'
    input.value = number ? '60' : '信息提供者甲'
    input.dispatchEvent(new Event('change'))
    asked += 1
  }
  return asked
}"""

#: Everything in the databases of this page, as the browser would hand it to anybody.
_STORED = """async () => {
  const found = []
  for (const { name } of await indexedDB.databases()) {
    const database = await new Promise(done => {
      const asked = indexedDB.open(name)
      asked.onsuccess = () => done(asked.result)
    })
    for (const store of database.objectStoreNames) {
      const rows = await new Promise(done => {
        const asked = database.transaction(store).objectStore(store).getAll()
        asked.onsuccess = () => done(asked.result)
      })
      for (const row of rows) found.push([store, Object.keys(Object(row)).sort().join(),
        JSON.stringify(row, (_, one) => one instanceof CryptoKey ? `key ${one.extractable}` : one)])
    }
    database.close()
  }
  const web = Object.entries({ ...localStorage, ...sessionStorage })
  return found.concat(web.map(one => ['web', ...one]))
}"""


class Phone:
    """One assessor at one device."""

    def __init__(self, page: Page, base: str, axe: Path) -> None:
        self.page, self.base, self.axe = page, base, axe
        page.set_default_timeout(20_000)
        self.problems: list[str] = []
        page.on("pageerror", lambda error: self.problems.append(str(error)))

    def sign_in(self, username: str) -> None:
        """Sign in, and wait until the form lies on the phone."""
        self.page.goto(f"{self.base}/login/?next={HOME}")
        self.page.fill("input[name=username]", username)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.get_by_role("button", name="登录", exact=False).first.click()
        self.ready()
        self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")

    def ready(self) -> None:
        """Wait until the form has opened."""
        self.page.wait_for_selector("body[data-ready=yes]")

    def open(self, address: str = "#/") -> None:
        """Open the form as from the home screen."""
        self.page.goto(f"{self.base}{HOME}{address}")
        self.ready()

    def go(self, address: str) -> None:
        """Move inside the form."""
        self.page.evaluate("address => { window.location.hash = address }", address)
        self.page.wait_for_selector(f"body[data-screen='{address}']")

    def offline(self, off: bool = True) -> None:
        """Lose the network, or find it."""
        self.page.context.set_offline(off)

    def status(self, words: str) -> None:
        """Wait until the line that is always there says so."""
        expect(self.page.locator("#sync")).to_contain_text(re.compile(words), timeout=30_000)

    def synced(self) -> None:
        """Wait until everything was sent."""
        again = self.page.get_by_role("button", name="再试一次")
        if again.count():
            # It may be sending by itself this very moment; then the button is gone.
            with suppress(BrowserError):
                again.first.click(timeout=2_000)
        done = re.compile(r"^已同步 \d\d:\d\d( · .*核对)?( · .*收下)?$")
        expect(self.page.locator("#sync")).to_have_attribute("data-text", done, timeout=60_000)

    def parts(self) -> list[str]:
        """Codes of the parts of the sheet that is open."""
        links = self.page.locator(".a-part-table")
        hrefs = [links.nth(index).get_attribute("href") or "" for index in range(links.count())]
        return [href.rsplit("/", 1)[1] for href in hrefs]

    def fill_by_table(self, sheet: str, turn: int) -> int:
        """Fill in the whole sheet part by part; return how many questions there were."""
        self.go(f"#/s/{sheet}")
        asked = 0
        for part in self.parts():
            self.go(f"#/s/{sheet}/t/{part}")
            asked += int(self.page.evaluate(_FILL, turn))
        self.go(f"#/s/{sheet}")
        expect(self.page.locator(".a-steps").first).to_contain_text("各题都答完了")
        return asked

    def sign_by_keys(self, sheet: str, name: str) -> None:
        """Sign with a typed name, and without a place."""
        self.go(f"#/s/{sheet}/sign")
        self.page.get_by_label("键入姓名（不便手写时）").check()
        self.page.get_by_label("键入姓名", exact=True).fill(name)
        self.page.get_by_label("我确认这是本人签名").check()
        self.page.get_by_label("没有定位信号").check()
        self.page.get_by_role("button", name="签字", exact=True).click()
        expect(self.page.locator(".a-steps").first).to_contain_text("您已签字")

    def stored(self) -> list[list[str]]:
        """Return all rows of all databases of the browser."""
        rows: list[list[str]] = self.page.evaluate(_STORED)
        return rows

    def look(self, title: str) -> None:
        """Nothing sticks out sideways, and axe-core finds nothing against WCAG 2.2 AA."""
        expect(self.page.locator("main h1")).to_contain_text(title)
        wide = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"{title}: {wide} px stick out: {self.page.evaluate(STICKING_OUT)}"
        self.page.evaluate(self.axe.read_text(encoding="utf-8"))
        found = self.page.evaluate(
            "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", RULES
        )
        told = [
            f"{one['id']}: {one['help']} {[node['target'] for node in one['nodes'][:3]]}"
            for one in found["violations"]
        ]
        assert not told, f"{title} ({self.page.url}): {told}"


@contextmanager
def phone_of(
    playwright: Playwright, chromium: str, folder: Path, **options: Any
) -> Iterator[BrowserContext]:
    """Give a browser whose storage lies in ``folder`` and survives it."""
    chosen: dict[str, Any] = {
        "viewport": {"width": 360, "height": 740},
        "has_touch": True,
        **options,
    }
    context = playwright.chromium.launch_persistent_context(
        str(folder),
        executable_path=chromium,
        args=FLAGS,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        **chosen,
    )
    yield context
    context.close()


def found_in_files(folder: Path, words: list[str]) -> list[str]:
    """Return which words are readable in any file of a folder, as UTF-8 or UTF-16."""
    marks = {word: (word.encode(), word.encode("utf-16-le")) for word in words}
    found = []
    for file in sorted(folder.rglob("*")):
        if not file.is_file():
            continue
        content = file.read_bytes()
        found += [
            f"{file.relative_to(folder)}: {word}"
            for word, forms in marks.items()
            if any(form in content for form in forms)
        ]
    return found
