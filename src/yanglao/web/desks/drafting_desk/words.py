"""Words and badges of drafts: their state, the place that a change names, what stands there."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.catalogue.public import Draft, DraftState
from yanglao.kernel.money import format_yuan
from yanglao.web.kit.parts import Status

_TONES = {
    DraftState.DRAFTING: "info",
    DraftState.SUBMITTED: "warning",
    DraftState.APPROVED: "accent",
    DraftState.PUBLISHED: "success",
    DraftState.WITHDRAWN: "neutral",
}
_PLACES = {
    "!title": gettext_lazy("方案名称"),
    "!words": gettext_lazy("为什么要改"),
    "!day": gettext_lazy("生效日期"),
    "!base": gettext_lazy("所依据的清单版本"),
    "fact": gettext_lazy("词的含义"),
    "item": gettext_lazy("项目"),
    "new": gettext_lazy("新项目"),
    "off": gettext_lazy("停用项目"),
    "value": gettext_lazy("数字"),
    "amount": gettext_lazy("金额"),
    "band": gettext_lazy("年龄段"),
    "money": gettext_lazy("设金额"),
    "case": gettext_lazy("算例"),
}
KIND_WORDS = {
    "gained": gettext_lazy("新增"),
    "lost": gettext_lazy("减少"),
    "raised": gettext_lazy("钱变多"),
    "lowered": gettext_lazy("钱变少"),
    "year": gettext_lazy("差一岁"),
    "grade": gettext_lazy("差一级"),
    "document": gettext_lazy("差一份材料"),
    "unknown": gettext_lazy("情况不清楚"),
}
_FIELDS = {
    "who": gettext_lazy("规则"),
    "rule": gettext_lazy("规则"),
    "label": gettext_lazy("名称"),
    "clause": gettext_lazy("依据"),
    "name": gettext_lazy("名称"),
    "lead_days": gettext_lazy("期限（天）"),
    "per": gettext_lazy("发放"),
}
_PER = {"month": gettext_lazy("每月"), "year": gettext_lazy("每年")}
_CASES = {
    "yes": gettext_lazy("应是符合"),
    "no": gettext_lazy("应是不符合"),
    "possible": gettext_lazy("应是可能符合"),
    "left_out": gettext_lazy("项目停用，不再问"),
}


def state_badge(draft: Draft) -> Status:
    """Return where a draft is, as a badge."""
    return Status(draft.get_state_display(), _TONES[DraftState(draft.state)])


def place_words(key: str, names: dict[str, str]) -> str:
    """Return the place that a change names, in words.

    Args:
        names: Codes of items, parameters and divisions to their names.
    """
    kind, *rest = key.split(":")
    word = str(_PLACES.get(kind, kind))
    told = " ".join(names.get(part, part) for part in rest if part)
    return f"{word} {told}".strip()


def grouped_changes(changes: dict[str, Any], names: dict[str, str]) -> list[str]:
    """Return what a draft changes, one line each; the same amount in many places is one line.

    Args:
        names: As for :func:`place_words`.
    """
    found: dict[tuple[str, str], list[str]] = {}
    for key, value in changes.items():
        if key.startswith("case:"):
            continue
        kind, *rest = key.split(":")
        # Amounts of one table that say the same stand together, by place and age band.
        own = f"amount:{rest[0]}" if kind == "amount" else key
        found.setdefault((own, value_words(key, value)), []).append(key)
    lines = []
    for (own, told), keys in found.items():
        where = ""
        if len(keys) > 1:
            parts = [key.split(":") for key in keys]
            places = dict.fromkeys(names.get(part[2], part[2]) for part in parts)
            bands = dict.fromkeys(part[3] for part in parts if part[3])
            where = _("（%s）") % "；".join(
                ["、".join(places), *(["、".join(bands)] if bands else [])]
            )
        lines.append(f"{place_words(own if where else keys[0], names)}{where}：{told}")
    return lines


def value_words(key: str, value: Any) -> str:
    """Return what stands at a place, in words."""
    if value is None:
        return _("照公布的")
    if key.startswith("case:"):
        return str(_CASES.get(value, value))
    if value is True:
        return _("停用")
    if not isinstance(value, dict):
        return str(value)
    kind = key.split(":", 1)[0]
    if kind in {"value", "amount"}:
        return _dated_words(value, is_money=kind == "amount")
    if kind == "band":
        return _band_words(value)
    parts = []
    for name, one in value.items():
        if one in ("", None):
            continue
        text = str(_PER.get(one, one)) if name == "per" else str(one)
        parts.append(f"{_FIELDS.get(name, name)}：{text}")
    return "；".join(parts)


def _dated_words(value: dict[str, Any], *, is_money: bool) -> str:
    """Return a dated number: 从 2027 年 1 月 1 日起 60 元（某文件 第二条）."""
    number = value.get("value")
    if number is None:
        told = _("未公布")
    elif is_money:
        told = _("%s 元") % format_yuan(int(number)).removesuffix(".00")
    else:
        told = str(number)
    if value.get("from"):
        told = _("从 %(day)s起 %(value)s") % {"day": day_words(value["from"]), "value": told}
    source = " ".join(str(value[name]) for name in ("document", "article") if value.get(name))
    lines = [f"{told}（{source}）" if source else told, str(value.get("note") or "")]
    return "；".join(line for line in lines if line)


def _band_words(value: dict[str, Any]) -> str:
    low, high = value.get("from_age"), value.get("to_age")
    if high in ("", None):
        return _("%s 周岁及以上") % low
    return _("%(low)s 到 %(high)s 周岁") % {"low": low, "high": high}


def parameter_words(text: str, names: dict[str, str]) -> str:
    """Return what an amount follows from with the number's own name: 参数 x becomes “x 的名称”."""
    head, mark, name = text.partition(_("参数 "))
    return f"{head}“{names[name]}”" if mark and name in names else text


def day_words(text: str) -> str:
    """Return a day of a change as 2027 年 1 月 1 日."""
    day = date.fromisoformat(text)
    return _("%(y)d 年 %(m)d 月 %(d)d 日") % {"y": day.year, "m": day.month, "d": day.day}
