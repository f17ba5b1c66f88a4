"""The pack's word on when a link is sure: read and checked."""

from typing import Any

import yaml

from yanglao.engines.linkage.judging import Thresholds
from yanglao.engines.linkage.model import CURRENT

_NAMES = ("sure", "ahead", "doubtful", "most", "twin")


class WrongRules(ValueError):
    """A file of the pack that cannot be used; each message says what is wrong and what to do."""

    def __init__(self, messages: list[str]) -> None:
        """Keep all messages, not only the first."""
        super().__init__("；".join(messages))
        self.messages = tuple(messages)


def read_thresholds(text: str) -> Thresholds:
    """Return the thresholds that the file gives.

    Raises:
        WrongRules: If a value is missing, no number, or out of its bounds; or the model is another.
    """
    try:
        data: Any = yaml.safe_load(text)
    except yaml.YAMLError as problem:
        raise WrongRules([f"linkage.yaml：不是有效的 YAML：{problem}"]) from problem
    if not isinstance(data, dict):
        raise WrongRules(["linkage.yaml：应为“名称: 内容”的列表"])
    found: dict[str, float] = {}
    messages = []
    for name in _NAMES:
        value = data.get(name, {}).get("value") if isinstance(data.get(name), dict) else None
        if isinstance(value, bool) or not isinstance(value, int | float):
            messages.append(f"linkage.yaml：{name} 没有写数值，请写 value: 数字")
        else:
            found[name] = float(value)
    unknown = sorted(set(data) - {*_NAMES, "model"})
    if unknown:
        messages.append(f"linkage.yaml：看不懂 {'、'.join(unknown)}，请删去或改正")
    if data.get("model") != CURRENT:
        messages.append(f"linkage.yaml：model 应为 {CURRENT}，界线是按这一版参数定的")
    if not messages:
        messages = _bounds(found)
    if messages:
        raise WrongRules(messages)
    return Thresholds(
        sure=found["sure"],
        ahead=found["ahead"],
        doubtful=found["doubtful"],
        most=int(found["most"]),
        twin=found["twin"],
    )


def _bounds(found: dict[str, float]) -> list[str]:
    messages = []
    if not 0 < found["doubtful"] < found["sure"] < 1:
        messages.append("linkage.yaml：应有 0 < doubtful < sure < 1")
    if found["ahead"] < 1:
        messages.append("linkage.yaml：ahead 不能小于 1")
    if not 1 <= found["most"] <= 20:
        messages.append("linkage.yaml：most 应在 1 到 20 之间")
    if not 0 < found["twin"] < 1:
        messages.append("linkage.yaml：twin 应在 0 到 1 之间")
    return messages
