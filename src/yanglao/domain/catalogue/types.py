"""What publishing needs to know of a pack; the engine's ``Pack`` fits."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class PackToPublish:
    """A checked pack, ready to be published.

    Attributes:
        name: ``"hetian"``.
        title: As officers call it.
        region_code: 12-digit division it is for.
        hash: SHA-256 over the whole text.
        source: Path to text, inherited packs included.
        in_force_from: The day the pack itself names.
        items: ``(code, name)`` in the order of the catalogue.
    """

    name: str
    title: str
    region_code: str
    hash: str
    source: dict[str, str]
    in_force_from: date
    items: tuple[tuple[str, str], ...]
