"""What a place's packs say of money: benefits, relations, terms, and versions month by month."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from yanglao.domain.benefits.public import version_code
from yanglao.domain.catalogue.public import PackVersion, pack_in_force, versions
from yanglao.engines.payments.compatibility import Compatibility, load_compatibility
from yanglao.engines.payments.entitlement import CatalogueVersion
from yanglao.engines.payments.months import Month, first_day, month_of
from yanglao.engines.payments.terms import PaymentTerms, read_terms
from yanglao.kernel.division import contains

_TERMS, _TABLE = "payments.yaml", "compatibility.yaml"


@dataclass(frozen=True, slots=True)
class VersionInForce:
    """A version of the catalogue, how spells name it, and the first month it is in force."""

    code: str
    first_month: Month
    version: PackVersion


@dataclass(frozen=True, slots=True)
class BenefitTerms:
    """All that a region's months are computed by.

    Attributes:
        pack: Folder of the tables. versions: In order of time, one a month at most.
    """

    region: str
    pack: str
    compatibility: Compatibility
    terms: PaymentTerms
    versions: tuple[VersionInForce, ...]

    @property
    def catalogue_versions(self) -> tuple[CatalogueVersion, ...]:
        """The versions as the payment engine wants them."""
        return tuple(CatalogueVersion(one.code, one.first_month) for one in self.versions)

    def benefit_of(self, item: str) -> str:
        """The benefit that an item is; empty when the item is no money."""
        return self.compatibility.items.get(item, "")


def benefit_terms(region: str, *, known_at: datetime | None = None) -> BenefitTerms:
    """Return what a region's months are computed by.

    Args:
        known_at: As it was known at this moment: versions published later are left out.

    Raises:
        LookupError: When no catalogue was published for it, or no pack has payment tables.
    """
    timeline = version_timeline(region, known_at=known_at)
    if not timeline:
        raise LookupError(f"没有发布过 {region} 的政策清单：先运行 yanglao init。")
    pack = _pack_with_tables([one.version.pack for one in timeline], region)
    folder = Path(settings.POLICIES)
    stamps = tuple(
        path.stat().st_mtime_ns
        for path in (folder / pack / _TERMS, folder / pack / _TABLE)
        if path.exists()
    )
    compatibility, terms = _tables(pack, str(folder), stamps)
    return BenefitTerms(region, pack, compatibility, terms, timeline)


def version_timeline(
    region: str, *, known_at: datetime | None = None
) -> tuple[VersionInForce, ...]:
    """Return the versions of a region in order of time: each from its first whole month on.

    A version that comes into force within a month counts from the next: a month is judged by one
    version. Of two that begin in the same month the one published last counts.
    """
    starts = set()
    for one in versions():
        if contains(one.region_code, region):
            month = month_of(one.in_force_from)
            starts.add(month if one.in_force_from.day == 1 else month + 1)
    found: list[VersionInForce] = []
    for month in sorted(starts):
        version = pack_in_force(first_day(month), region=region, known_at=known_at)
        if version is None or (found and found[-1].version.pk == version.pk):
            continue
        code = version_code(version.hash, version.in_force_from)
        found.append(VersionInForce(code, month, version))
    return tuple(found)


def regions_with_own_pack(region: str) -> list[str]:
    """Return the places inside a region that have a catalogue of their own, the widest first."""
    codes = {one.region_code for one in versions() if contains(region, one.region_code)}
    return sorted(codes - {region}, key=lambda code: (len(code.rstrip("0")), code))


def _pack_with_tables(packs: list[str], region: str) -> str:
    """Return the nearest pack that says how money is paid: the last in force, else one above."""
    above = [one.pack for one in versions() if contains(one.region_code, region)]
    for name in (*reversed(packs), *above):
        if (Path(settings.POLICIES) / name / _TERMS).exists():
            return name
    raise LookupError(f"政策包 {packs[-1]} 没有发放规定 {_TERMS}，请先补上。")


@lru_cache(maxsize=8)
def _tables(pack: str, folder: str, stamps: tuple[int, ...]) -> tuple[Compatibility, PaymentTerms]:
    compatibility = load_compatibility(pack, Path(folder))
    path = Path(folder) / pack / _TERMS
    text = path.read_text("utf-8")
    return compatibility, read_terms(text, f"{pack}/{_TERMS}", compatibility.benefits)
