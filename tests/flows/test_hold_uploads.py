"""Uploads wait for their owner, for a day, and are gone when they were taken in."""

from datetime import timedelta
from typing import Any

import pytest

from tests.flows.conftest import MONTH, REGION, listed
from yanglao.domain.exchange.public import ReceivedList, mappings
from yanglao.flows import hold_uploads
from yanglao.flows.hold_uploads import (
    Asked,
    HeldUpload,
    UploadGone,
    held,
    hold,
    let_go,
    say_columns,
    sweep,
    take_in_held,
)
from yanglao.foundation import clock
from yanglao.foundation.home import home_folder
from yanglao.foundation.scoping import Reader, system_reader
from yanglao.kernel.idnumber import check_digit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tiny_hetian")]
MOYU = "653222000000"
VILLAGE = "653222102208"


def number(order: int) -> str:
    first = f"65322219400305{order:03}"
    return first + check_digit(first)


def rows(count: int = 2, header: str = "户籍地区划代码") -> bytes:
    return listed(
        [
            {"姓名": f"买买提{at}", "公民身份号码": number(at), header: VILLAGE}
            for at in range(1, count + 1)
        ]
    )


def asked(**more: Any) -> Asked:
    told = {"sender": "墨玉县公安局", "division": MOYU, "month": MONTH, "full": False}
    return Asked(**{**told, **more})


def officer(user_id: int = 7) -> Reader:
    return Reader(
        user_id=user_id,
        name="阿依古丽",
        role="county",
        area=MOYU,
        permissions=frozenset({"see_lists", "take_in_lists"}),
    )


def kept(data: bytes = b"", acting: Reader | None = None, **more: Any) -> HeldUpload:
    pieces = [data or rows()]
    return hold([("户籍.xlsx", pieces)], asked=asked(**more), acting=acting or officer())


def folders() -> list[str]:
    return [path.name for path in home_folder("uploads").iterdir()]


def test_holding_looks_and_writes_nothing() -> None:
    upload = kept()
    sheet = upload.seen["files"][0]["sheets"][0]
    assert (sheet["kind"], sheet["received"], sheet["good"]) == ("household", 2, 2)
    assert not ReceivedList.objects.exists()
    again = held(upload.token, acting=officer())
    assert again.asked == asked()
    assert again.seen == upload.seen
    assert again.files[0].name == "户籍.xlsx"


def test_only_the_owner_reads_the_folder() -> None:
    upload = kept()
    folder = home_folder("uploads") / upload.token
    assert folder.stat().st_mode & 0o077 == 0
    assert (folder / "000").stat().st_mode & 0o077 == 0


def test_somebody_else_does_not_get_at_it() -> None:
    token = kept().token
    for call in (held, let_go, take_in_held):
        with pytest.raises(UploadGone):
            call(token, acting=officer(8))
    with pytest.raises(UploadGone):
        say_columns(token, {}, acting=officer(8))
    assert held(token, acting=officer()).token == token


@pytest.mark.parametrize("token", ["", "x", "../../etc/passwd", "a" * 43, "../" + "a" * 40])
def test_a_made_up_token_leads_nowhere(token: str) -> None:
    with pytest.raises(UploadGone, match="重新上传"):
        held(token, acting=officer())


def test_a_place_outside_the_area_is_refused() -> None:
    with pytest.raises(PermissionError):
        kept(division=REGION)
    assert folders() == []


def test_after_a_day_it_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    old = kept()
    later = clock.now() + timedelta(days=1, minutes=1)
    monkeypatch.setattr(hold_uploads.clock, "now", lambda: later)
    with pytest.raises(UploadGone):
        held(old.token, acting=officer())
    new = kept()
    assert folders() == [new.token]
    assert sweep() == 0


def test_sweeping_leaves_what_it_does_not_know() -> None:
    (home_folder("uploads") / "note.txt").write_text("x", encoding="ascii")
    (home_folder("uploads") / "half").mkdir()
    assert sweep() == 0
    assert sorted(folders()) == ["half", "note.txt"]


def test_taking_in_lets_go_of_the_files() -> None:
    upload = kept()
    taken = take_in_held(upload.token, acting=officer())
    assert (taken.received, taken.accepted, taken.returned) == (2, 2, 0)
    assert folders() == []
    with pytest.raises(UploadGone):
        take_in_held(upload.token, acting=officer())


def test_a_failure_keeps_the_files(monkeypatch: pytest.MonkeyPatch) -> None:
    upload = kept()

    def fail(*_args: Any, **_more: Any) -> None:
        raise RuntimeError("磁盘满了")

    monkeypatch.setattr(hold_uploads, "take_in", fail)
    with pytest.raises(RuntimeError):
        take_in_held(upload.token, acting=officer())
    assert held(upload.token, acting=officer()).files == upload.files
    assert not ReceivedList.objects.exists()


def test_a_word_about_a_column_counts_and_is_remembered() -> None:
    upload = kept(rows(header="落户所在编码"))
    sheet = upload.seen["files"][0]["sheets"][0]
    assert not sheet["kind"] or sheet["missing"]
    looked = say_columns(
        upload.token, {"落户所在编码": "户籍地区划代码"}, acting=officer(), kind="household"
    )
    sheet = looked.seen["files"][0]["sheets"][0]
    assert (sheet["kind"], sheet["good"]) == ("household", 2)
    taken = take_in_held(upload.token, acting=officer())
    assert taken.accepted == 2
    assert mappings("墨玉县公安局")["household"]["落户所在编码"] == "户籍地区划代码"
    # The next list of the same sender is understood at once.
    next_one = kept(rows(3, header="落户所在编码"))
    assert next_one.seen["files"][0]["sheets"][0]["kind"] == "household"


def test_the_program_owns_what_it_holds_itself() -> None:
    upload = kept(acting=system_reader(MOYU, name="命令行"))
    with pytest.raises(UploadGone):
        held(upload.token, acting=officer())
    assert held(upload.token, acting=system_reader(MOYU, name="命令行"))
