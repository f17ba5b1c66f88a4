"""Rows of lists as departments write them, for trying the way in."""

from collections.abc import Callable
from typing import Any

from yanglao.domain.exchange.public import ReceivedList, notes
from yanglao.domain.people.models import ENTRY_MODELS
from yanglao.flows.take_in_list import TakenIn
from yanglao.kernel.idnumber import check_digit

HandIn = Callable[..., TakenIn]
MOYU = "653222000000"
VILLAGE = "653222102208"
OTHER_VILLAGE = "653222102207"
TOWN_OF_HETIAN_CITY = "653201001001"


def number(order: int, born: str = "19400305", area: str = "653222") -> str:
    """Return a valid ID number: the same person for the same arguments."""
    first = f"{area}{born}{order:03}"
    return first + check_digit(first)


def wrong(text: str) -> str:
    """Return the number with a wrong check digit."""
    return text[:17] + ("1" if text[17] != "1" else "2")


def household(order: int, name: str = "买买提·吐尔逊", **more: Any) -> dict[str, Any]:
    """Return a row of the household register."""
    born = more.pop("born", "19400305")
    row = {"姓名": name, "公民身份号码": number(order, born), "户籍地区划代码": VILLAGE}
    return {**row, "人员状态": "正常", **more}


def assistance(order: int, name: str = "买买提·吐尔逊", **more: Any) -> dict[str, Any]:
    """Return a row of the assistance list."""
    row = {"姓名": name, "公民身份号码": number(order), "救助类别": "低保"}
    return {**row, "保障起始日期": "2024-01-01", **more}


def pension(order: int, name: str = "买买提·吐尔逊", **more: Any) -> dict[str, Any]:
    """Return a row of the pension list."""
    row = {"姓名": name, "公民身份号码": number(order)}
    return {**row, "险种": "城乡居民基本养老保险", "待遇状态": "正常", **more}


def survey(name: str = "买买提·吐尔逊", **more: Any) -> dict[str, Any]:
    """Return a row of a village survey, without a number."""
    return {"姓名": name, "常住地区划代码": VILLAGE, "居住状况": "独居", **more}


def reasons(taken: TakenIn, at: int = 0) -> list[str]:
    """Return the reasons of the rows of a list that went back."""
    received = ReceivedList.objects.get(pk=taken.lists[at].list_id)
    return [note.reasons for note in notes(received)]


def remarks(taken: TakenIn, at: int = 0) -> list[str]:
    """Return the warnings of the rows of a list that came in."""
    received = ReceivedList.objects.get(pk=taken.lists[at].list_id)
    return [note.reasons for note in notes(received, returned=False)]


def statements() -> dict[str, list[tuple[Any, ...]]]:
    """Return all statements of all kinds, for seeing that nothing changed."""
    return {
        kind.value: sorted(
            model.objects.order_by("pk").values_list(
                "pk", "person", "holds_from", "seen_from", "seen_to", "digest"
            )
        )
        for kind, model in ENTRY_MODELS.items()
    }
