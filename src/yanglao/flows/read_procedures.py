"""How long each step of a benefit may take, and the text of the consent: read once a change."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from yanglao.domain.benefits.public import Clocks
from yanglao.engines.payments.reading import Problems, Value, read_root

_FILE = "procedures.yaml"
_LONGEST = 366
_DAYS = (
    "prepare_days",
    "notice_days",
    "approve_days",
    "objection_days",
    "appeal_days",
    "appeal_within_days",
)
_STEP = {**dict.fromkeys(_DAYS, True), "source": True, "verified": False}


@dataclass(frozen=True, slots=True)
class ConsentWords:
    """The text that a person consents to who is paid without applying."""

    code: str
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class _Version:
    first: date
    default: Clocks
    by_benefit: dict[str, Clocks]


@dataclass(frozen=True, slots=True)
class Procedures:
    """All versions, in order of time, and the consent."""

    versions: tuple[_Version, ...]
    consent: ConsentWords

    def clocks(self, benefit: str, as_of: date) -> Clocks:
        """Return the days of each step for a benefit on a day.

        Raises:
            LookupError: Before the first version.
        """
        for one in reversed(self.versions):
            if one.first <= as_of:
                return one.by_benefit.get(benefit, one.default)
        raise LookupError(f"{as_of} 还没有待遇办理时限的规定，请在 {_FILE} 里补上。")


def procedures() -> Procedures:
    """Return what the national pack says.

    Raises:
        yanglao.engines.payments.reading.TermsErrors: With every mistake of the file.
    """
    path = Path(settings.POLICIES) / "national" / _FILE
    return _read(str(path), path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _read(path: str, changed: int) -> Procedures:
    log = Problems()
    root = read_root(Path(path).read_text("utf-8"), _FILE, log)
    at = root.mapping({"title": True, "versions": True, "consent": True}) if root else {}
    log.raise_if_any()
    versions = [_version(member, log) for member in at["versions"].members()]
    words = at["consent"].mapping({"code": True, "title": True, "body": True})
    log.raise_if_any()
    found = sorted((one for one in versions if one), key=lambda one: one.first)
    texts = {name: value.text() for name, value in words.items()}
    return Procedures(tuple(found), ConsentWords(**texts))


def _version(value: Value, log: Problems) -> _Version | None:
    at = value.mapping({"from": True, "default": True, "benefits": False})
    if "from" not in at or "default" not in at:
        return None
    try:
        first = date.fromisoformat(at["from"].text())
    except ValueError:
        at["from"].problem("不是日期", "请写成 2024-01-01")
        return None
    default = _clocks(at["default"])
    others = {
        code: _clocks(one)
        for code, one in (at["benefits"].entries() if "benefits" in at else {}).items()
    }
    log.raise_if_any()
    return _Version(first, default, others)


def _clocks(value: Value) -> Clocks:
    at = value.mapping(_STEP)
    days = {name: at[name].integer(1, _LONGEST) if name in at else 1 for name in _DAYS}
    verified = at["verified"].boolean() if "verified" in at else True
    return Clocks(**days, source=at["source"].text() if "source" in at else "", verified=verified)
