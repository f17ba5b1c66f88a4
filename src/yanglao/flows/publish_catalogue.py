"""Publishing a policy pack: read, checked with all its cases, then stored whole and dated.

A pack with a mistake is never published; every mistake is told with file, line and what to do.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings

from yanglao.domain.catalogue.public import PackToPublish, PackVersion, publish_pack
from yanglao.engines.policy.cases import run_cases
from yanglao.engines.policy.county import check_not_lower
from yanglao.engines.policy.pack import Pack, PackErrors, load_pack
from yanglao.engines.policy.rulebook import rule_book
from yanglao.foundation.scoping import Reader

_CATALOGUE = "catalogue.yaml"


class PolicyRefused(Exception):
    """A pack that may not be published; one line a mistake."""

    def __init__(self, name: str, problems: tuple[str, ...]) -> None:
        """Keep every mistake."""
        self.problems = problems
        super().__init__(f"政策包 {name} 有 {len(problems)} 处要改：\n" + "\n".join(problems))


@dataclass(frozen=True, slots=True)
class PackReport:
    """What checking a pack found; no problems: sound.

    Attributes:
        name: Folder of the pack.
        problems: One line a mistake: ``file:line what。do。``.
        items: Items of its catalogue. cases: Worked cases that ran. hash: Of its whole text.
    """

    name: str
    problems: tuple[str, ...]
    items: int
    cases: int
    hash: str


def pack_names() -> list[str]:
    """Return the names of packs that have a catalogue, sorted."""
    return sorted(path.parent.name for path in settings.POLICIES.glob(f"*/{_CATALOGUE}"))


def check_pack(name: str) -> PackReport:
    """Read a pack and run its worked cases; return every mistake."""
    return _checked(name)[1]


def publish_from_folder(
    name: str, *, in_force_from: date | None, acting: Reader
) -> tuple[PackVersion, bool]:
    """Publish ``policies/<name>``; return the version and whether it is new.

    Args:
        name: Folder of the pack.
        in_force_from: Other than the day that the pack itself names.
        acting: Who publishes.

    Raises:
        PolicyRefused: When the pack has mistakes, a case fails, or nothing is to be published.
    """
    pack = ready_to_publish(name)
    return publish_pack(pack=pack, acting=acting, in_force_from=in_force_from)


def ready_to_publish(name: str) -> PackToPublish:
    """Return ``policies/<name>``, read and checked with all its cases.

    Raises:
        PolicyRefused: When the pack has mistakes, a case fails, or nothing is to be published.
    """
    pack, report = _checked(name)
    if pack is None or report.problems:
        raise PolicyRefused(name, report.problems)
    if not pack.region:
        raise PolicyRefused(name, (f"{name}/pack.yaml：没有写 region，是公用的部分，不能发布。",))
    return PackToPublish(
        name=pack.code,
        title=pack.title,
        region_code=pack.region.ljust(12, "0"),
        hash=pack.hash,
        source=dict(pack.source),
        in_force_from=pack.in_force_from,
        items=tuple((item.code, item.name) for item in pack.items.values()),
    )


def write_rule_book(name: str, day: date) -> str:
    """Return the rule book of a pack in Markdown, with the parameters of a day.

    Raises:
        PolicyRefused: When the pack has mistakes.
    """
    pack, report = _checked(name)
    if pack is None:
        raise PolicyRefused(name, report.problems)
    return rule_book(pack, day)


def _checked(name: str) -> tuple[Pack | None, PackReport]:
    """Load a pack, run its cases, and compare a county's list with the one it adds to."""
    root: Path = settings.POLICIES
    try:
        pack = load_pack(name, root)
        cases = run_cases(pack, root / name)
    except PackErrors as errors:
        lines = tuple(str(problem) for problem in errors.problems)
        return None, PackReport(name, lines, 0, 0, "")
    problems = [str(failure) for failure in cases.failures]
    if pack.adds_to:
        problems += [str(p) for p in check_not_lower(load_pack(pack.adds_to, root), pack)]
    report = PackReport(name, tuple(problems), len(pack.items), cases.ran, pack.hash)
    return pack, report
