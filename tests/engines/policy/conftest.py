"""The pack under test, and small packs written by a test."""

from collections.abc import Callable
from pathlib import Path

import pytest

from yanglao.engines.policy.pack import Pack, load_pack

POLICIES = Path(__file__).parents[3] / "policies"

ITEM = """
  - code: "{code}"
    name: 项目{code}
    object: 老年人
    content: 内容
    kind: 物质帮助
    standard: 标准
    funder: 县
    lead: 民政局
    clause: 第一条
    mode: found
    who: {who}
    delivered: by_hand
    lead_days: 30
    reading: 解读
"""
HEADER = """
title: 试验清单
owner: 某县民政局
legal_basis: [某文件]
region: "6532"
in_force_from: 2024-01-01
areas: {"65": 新疆, "6532": 和田地区, "653201": 和田市}
served: alive AND within(hukou_code, '6532')
"""


@pytest.fixture(scope="session")
def hetian() -> Pack:
    """Hetian's own pack."""
    return load_pack("hetian", POLICIES)


@pytest.fixture
def write_pack(tmp_path: Path) -> Callable[..., Path]:
    """A pack ``try`` in a folder of packs with the real vocabulary; returns the folder of packs.

    Give rules by item code, or whole files by path.
    """

    def write(rules: dict[str, str] | None = None, header: str = HEADER, **files: str) -> Path:
        root = tmp_path / "policies"
        texts = {
            "vocabulary.yaml": (POLICIES / "vocabulary.yaml").read_text(encoding="utf-8"),
            "try/pack.yaml": header,
            "try/catalogue.yaml": "items:"
            + "".join(ITEM.format(code=code, who=who) for code, who in (rules or {}).items()),
        }
        texts |= {path.replace("__", "/") + ".yaml": text for path, text in files.items()}
        for path, text in texts.items():
            file = root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return root

    return write
