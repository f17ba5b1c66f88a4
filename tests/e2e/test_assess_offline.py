"""The assessor's form in a real browser: a day without network, two devices, one keyboard.

Everything goes through the form's own controls. What must not be readable on the phone is looked
for in the browser's files.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zlib import compress, crc32

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from tests.e2e.phones import Phone, found_in_files, phone_of
from tests.e2e.test_from_list_to_elder import FLAGS
from tests.web.desks.assessor_phone.visits import Visits, make_visits
from tests.web.desks.factories import make_places
from yanglao.domain.accounts.models import SignInSession
from yanglao.domain.assessments.models import Photo, Sheet, SheetEdit, Signature
from yanglao.domain.assessments.public import get_sheet, sign_sheet
from yanglao.domain.places.queries import forget_codes
from yanglao.foundation import clock

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

DAY = 12


def _chunk(kind: bytes, data: bytes) -> bytes:
    whole = kind + data
    return len(data).to_bytes(4, "big") + whole + crc32(whole).to_bytes(4, "big")


#: A PNG of one white point.
PIXEL = (
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", bytes([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]))
    + _chunk(b"IDAT", compress(b"\0\xff"))
    + _chunk(b"IEND", b"")
)


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def browser(playwright: Playwright, chromium: str) -> Iterator[Browser]:
    started = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
    yield started
    started.close()


@pytest.fixture(autouse=True)
def _office(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("YANGLAO_TODAY", "2026-11-05")
    monkeypatch.setenv("YANGLAO_HOME", str(tmp_path))
    make_places()
    yield
    forget_codes()


@pytest.fixture
def axe(repository: Path) -> Path:
    return repository / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture
def phone(browser: Browser, live_server: Any, axe: Path) -> Iterator[Callable[..., Phone]]:
    """Return ``phone(**options)``: a device of its own."""
    opened: list[Any] = []

    def start(**options: Any) -> Phone:
        chosen = {"viewport": {"width": 360, "height": 740}, **options}
        context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", **chosen)
        opened.append(context)
        return Phone(context.new_page(), live_server.url, axe)

    yield start
    for context in opened:
        context.close()


def answers_of(sheet: str) -> dict[str, Any]:
    """What the office has of a sheet."""
    from yanglao.foundation.scoping import system_reader

    view = get_sheet(system_reader(), sheet)
    return {name: one.value for name, one in view.fields.items()}


def test_a_day_of_twelve_without_network(
    playwright: Playwright, chromium: str, live_server: Any, axe: Path, tmp_path: Path
) -> None:
    """Twelve sheets offline, a reload after each, the browser restarted; then all is there."""
    visits = make_visits(DAY)
    folder = tmp_path / "phone"
    with phone_of(playwright, chromium, folder) as context:
        phone = Phone(context.new_page(), live_server.url, axe)
        phone.sign_in(visits.nurse.username)
        expect(phone.page.locator(".a-sheet")).to_have_count(DAY)
        phone.offline()
        for turn, sheet in enumerate(visits.sheets[:5]):
            visit(phone, sheet, turn)
        phone.status("没有网络 · 已保存在本机")
        rows = phone.stored()
        assert phone.problems == []
    assert all(kind != "rows" or names == "box,iv" for kind, names, _row in rows), rows[:3]
    assert any("key false" in row for _kind, _names, row in rows), "the key can be read out"
    with phone_of(playwright, chromium, folder, offline=True) as context:
        phone = Phone(context.new_page(), live_server.url, axe)
        phone.open()
        for turn, sheet in enumerate(visits.sheets[5:], 5):
            visit(phone, sheet, turn)
        assert SheetEdit.objects.count() == 0, "it was not offline"
        phone.offline(False)
        phone.synced()
        assert phone.problems == []
    for sheet in visits.sheets:
        required = set(Sheet.objects.get(pk=sheet).required)
        assert required <= set(answers_of(sheet)), sheet
        assert Signature.objects.get(sheet_id=sheet).void is False
    assert Photo.objects.get().media_type == "image/jpeg"
    names = [one.name for one in visits.people]
    secrets = [*names, *(str(one.id_number) for one in visits.people), "1399031", "信息提供者甲"]
    assert found_in_files(folder, secrets) == []
    assert found_in_files(folder, ["assessor-phone"]), "the grep looks at the right files"


def visit(phone: Phone, sheet: str, turn: int) -> None:
    """One visit of the day: fill in, sign, and the phone dies (a reload)."""
    assert phone.fill_by_table(sheet, turn) >= 50
    if turn == 0:
        take_photo(phone, sheet)
    phone.sign_by_keys(sheet, "阿米娜")
    phone.page.reload()
    phone.ready()
    phone.go(f"#/s/{sheet}")
    expect(phone.page.locator(".a-steps").first).to_contain_text("各题都答完了")
    expect(phone.page.locator(".a-steps").first).to_contain_text("您已签字")


def take_photo(phone: Phone, sheet: str) -> None:
    phone.go(f"#/s/{sheet}/photo")
    phone.page.get_by_label("老人或家属不同意").check()
    file = {"name": "a.png", "mimeType": "image/png", "buffer": PIXEL}
    phone.page.locator("#camera").set_input_files(file)
    expect(phone.page.locator(".a-photos img")).to_have_count(1)


def test_two_devices_that_did_not_see_each_other(phone: Callable[..., Phone]) -> None:
    """Both answers stay, side by side, on both phones; a person settles; both can be read later."""
    visits = make_visits(1)
    [sheet] = visits.sheets
    nurse, worker = phone(), phone()
    for one, account in ((nurse, visits.nurse), (worker, visits.worker)):
        one.sign_in(account.username)
        one.offline()
        one.go(f"#/s/{sheet}/q/b1_1")
    nurse.page.keyboard.press("4")
    worker.page.keyboard.press("2")
    for one, other in ((nurse, "b1_2"), (worker, "b1_3")):
        expect(one.page.locator(".a-kept")).to_have_text("已保存在本机")
        one.go(f"#/s/{sheet}/q/{other}")
        one.page.keyboard.press("3")
        expect(one.page.locator(".a-kept")).to_have_text("已保存在本机")
    nurse.offline(False)
    nurse.synced()
    worker.offline(False)
    worker.synced()
    worker.status("有 1 处待核对")
    assert {answers_of(sheet)[name] for name in ("b1_2", "b1_3")} == {3}
    nurse.page.reload()
    nurse.ready()
    nurse.status("有 1 处待核对")
    for one in (nurse, worker):
        one.go(f"#/s/{sheet}/conflicts")
        for words in ("4 分", "2 分", visits.nurse.display_name, visits.worker.display_name):
            expect(one.page.locator("main")).to_contain_text(words)
        one.look("两台设备的答案不同")
    worker.page.get_by_role("button", name="用这个答案：4 分").click()
    expect(worker.page.locator("main")).to_contain_text("没有需要核对的答案")
    worker.synced()
    assert answers_of(sheet)["b1_1"] == 4
    kept = SheetEdit.objects.filter(sheet_id=sheet, field="b1_1").order_by("id")
    assert {4, 2} == {one.value for one in kept}, "the other answer is lost"


def test_the_whole_form_by_keyboard_alone(phone: Callable[..., Phone]) -> None:
    """No pointer at all: find the sheet, answer every question, sign, hand in."""
    visits = make_visits(1)
    [sheet] = visits.sheets
    nurse = phone(viewport={"width": 1280, "height": 800})
    nurse.sign_in(visits.nurse.username)
    keys = nurse.page.keyboard
    tab_to(nurse, "a.a-sheet")
    keys.press("Enter")
    tab_to(nurse, "a.a-big.btn-primary")
    keys.press("Enter")
    answered = 0
    for _turn in range(80):
        if not nurse.page.locator("#question").count():
            break
        answer_by_keys(nurse)
        answered += 1
    assert answered >= 50
    expect(nurse.page.locator(".a-steps").first).to_contain_text("各题都答完了")
    let_the_other_sign(visits, sheet, nurse)
    nurse.page.reload()
    nurse.ready()
    tab_to(nurse, "a[href$='/sign']")
    keys.press("Enter")
    sign_with_keys(nurse)
    expect(nurse.page.locator(".a-steps").first).to_contain_text("您已签字")
    nurse.synced()
    tab_to(nurse, "button.btn-primary.a-big")
    keys.press("Enter")
    expect(nurse.page.locator("h1")).to_contain_text("今天的评估")
    nurse.synced()
    assert Sheet.objects.get(pk=sheet).finished_at is not None
    assert all(names != "box,iv" or "sheet" not in row for _kind, names, row in nurse.stored())


def tab_to(phone: Phone, selector: str) -> None:
    """Press Tab until the focus stands on it."""
    phone.page.wait_for_selector(selector)
    for _step in range(60):
        phone.page.keyboard.press("Tab")
        if phone.page.evaluate("what => document.activeElement.matches(what)", selector):
            return
    pytest.fail(f"{selector} is not reached by Tab")


def answer_by_keys(phone: Phone) -> None:
    page = phone.page
    before = page.url
    if page.locator("main [data-key]").count():
        key = "1" if page.locator("main input[data-key='1']").count() else "0"
        page.keyboard.press(key)
    else:
        tab_to(phone, ".a-written input, .a-written textarea")
        number = page.evaluate("document.activeElement.inputMode === 'decimal'")
        if page.evaluate("document.activeElement.matches('textarea')"):
            tab_to(phone, "#next")
        else:
            page.keyboard.type("160" if number else "古丽")
    page.keyboard.press("Enter")
    page.wait_for_function(
        "before => location.href !== before && document.body.dataset.screen === location.hash",
        arg=before,
    )


def sign_with_keys(phone: Phone) -> None:
    keys = phone.page.keyboard
    tab_to(phone, "input[name=way]")
    keys.press("ArrowDown")
    tab_to(phone, "#typed")
    keys.type("阿米娜")
    tab_to(phone, "#sure")
    keys.press("Space")
    tab_to(phone, "input[name=sign-reason]")
    keys.press("Space")
    tab_to(phone, "button.a-whole")
    keys.press("Enter")


def let_the_other_sign(visits: Visits, sheet: str, phone: Phone) -> None:
    """The other assessor signs on his own device what is there now."""
    phone.synced()
    sign_sheet(
        sheet_id=sheet,
        signature_png=PIXEL,
        at=clock.now(),
        place=None,
        acting=visits.reader("worker"),
    )


def test_a_session_that_ended_and_another_account(phone: Callable[..., Phone]) -> None:
    """What was not sent goes after signing in again; whoever signs in between sees nothing."""
    visits = make_visits(1)
    [sheet] = visits.sheets
    nurse = phone()
    nurse.sign_in(visits.nurse.username)
    nurse.offline()
    nurse.go(f"#/s/{sheet}/q/b2_1")
    nurse.page.keyboard.press("3")
    expect(nurse.page.locator(".a-kept")).to_have_text("已保存在本机")
    SignInSession.objects.all().delete()
    nurse.offline(False)
    nurse.status("登录已过期.*1 处待同步")
    nurse.sign_in(visits.worker.username)
    nurse.go(f"#/s/{sheet}/q/b2_1")
    assert nurse.page.locator("main input:checked").count() == 0, "another account sees it"
    nurse.synced()
    assert answers_of(sheet) == {}
    keys = [row for kind, _names, row in nurse.stored() if kind == "meta" and "key" in row]
    assert len(keys) == 1, "the key of the first account is still there"
    leave(nurse)
    assert [row for kind, _names, row in nurse.stored() if kind == "meta" and "key " in row] == []
    nurse.sign_in(visits.nurse.username)
    nurse.synced()
    assert answers_of(sheet) == {"b2_1": 3}


def leave(phone: Phone) -> None:
    phone.page.get_by_role("button", name="退出", exact=True).first.click()
    expect(phone.page.locator("dialog")).to_be_visible()
    phone.page.locator("#leaving-yes").click()
    phone.page.wait_for_url("**/login/**")


#: A phone without room: nothing can be written until ``window.room`` is true.
_NO_ROOM = """() => {
  const put = IDBObjectStore.prototype.put
  window.room = false
  IDBObjectStore.prototype.put = function (...given) {
    if (window.room) return put.apply(this, given)
    throw new DOMException('full', 'QuotaExceededError')
  }
}"""


def test_a_full_phone_says_so_and_loses_nothing(phone: Callable[..., Phone]) -> None:
    """It never says that something is kept which is not; with room again, it is kept and sent."""
    visits = make_visits(1)
    [sheet] = visits.sheets
    nurse = phone()
    nurse.sign_in(visits.nurse.username)
    nurse.offline()
    nurse.go(f"#/s/{sheet}/q/b1_1")
    nurse.page.evaluate(_NO_ROOM)
    nurse.page.keyboard.press("3")
    nurse.status("手机存满了")
    expect(nurse.page.locator("#sync")).not_to_contain_text("已保存")
    expect(nurse.page.locator(".a-kept")).to_have_text("")
    nurse.page.evaluate("window.room = true")
    expect(nurse.page.locator(".a-kept")).to_have_text("已保存在本机", timeout=10_000)
    nurse.page.reload()
    nurse.ready()
    nurse.offline(False)
    nurse.synced()
    assert answers_of(sheet) == {"b1_1": 3}


@pytest.mark.parametrize(
    "options",
    [
        {"viewport": {"width": 360, "height": 740}},
        {"viewport": {"width": 1280, "height": 800}},
        # 1280 × 800 at 200 % zoom
        {"viewport": {"width": 640, "height": 400}, "device_scale_factor": 2},
    ],
    ids=["phone", "desk", "zoom"],
)
def test_every_screen_can_be_used_by_everybody(
    phone: Callable[..., Phone], options: dict[str, Any]
) -> None:
    """axe-core finds nothing, nothing sticks out, roles and live regions are there; also large."""
    visits = make_visits(1)
    [sheet] = visits.sheets
    nurse = phone(**options)
    nurse.sign_in(visits.nurse.username)
    nurse.look("今天的评估")
    nurse.go(f"#/s/{sheet}")
    nurse.look(visits.people[0].name)
    for question, title in (
        ("b1_1", "进食"),
        ("a4_diagnoses", "已确诊的疾病"),
        ("a2_height", "身高"),
    ):
        nurse.go(f"#/s/{sheet}/q/{question}")
        nurse.look(title)
    for part, title in (("a2", "本人基本情况"), ("mental", "精神状态")):
        nurse.go(f"#/s/{sheet}/t/{part}")
        nurse.look(title)
    nurse.go(f"#/s/{sheet}/photo")
    nurse.look("现场照片")
    nurse.go(f"#/s/{sheet}/sign")
    nurse.look("签字")
    nurse.fill_by_table(sheet, 1)
    nurse.page.get_by_role("button", name="大字").click()
    nurse.look(visits.people[0].name)
    nurse.go(f"#/s/{sheet}/sign")
    nurse.look("签字")
    nurse.go(f"#/s/{sheet}/q/b1_1")
    nurse.look("进食")
    group = nurse.page.get_by_role("radiogroup", name="B.1.1 进食")
    expect(group.get_by_role("radio")).to_have_count(5)
    expect(nurse.page.get_by_role("status").filter(has_text="自理能力")).to_have_count(1)
    smallest = nurse.page.evaluate(
        "Math.min(...[...document.querySelectorAll('.a-option')].map(e => e.offsetHeight))"
    )
    assert smallest >= 60
    assert nurse.page.evaluate("document.activeElement.tagName") == "H1"
