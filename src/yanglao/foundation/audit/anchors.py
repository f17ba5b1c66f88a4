"""Anchors: one small file a day that says how far the chain was, to be kept outside.

Whoever holds the database and the keys could build another chain; he cannot build one that agrees
with a file in somebody else's hands.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from yanglao.foundation import clock
from yanglao.foundation.audit.chain import head_mac, same
from yanglao.foundation.home import home_folder
from yanglao.foundation.models import AuditHead
from yanglao.foundation.secrets import KeyProblem


@dataclass(frozen=True, slots=True)
class Anchor:
    """How far the chain was at a moment: number and digest of its last link."""

    at: str
    number: int
    digest: str
    key_version: int
    mac: str

    @property
    def genuine(self) -> bool:
        """Whether a holder of the keys made it; unknown keys count as no."""
        try:
            return same(self.mac, head_mac(self.key_version, self.number, self.digest))
        except KeyProblem:
            return False


def default_anchors() -> Path:
    """Return where anchors are written unless told otherwise: ``YANGLAO_HOME/anchors``."""
    return home_folder("anchors")


def write_anchor(folder: Path | None = None) -> tuple[Path, Anchor]:
    """Write the anchor of today into a folder (default ``YANGLAO_HOME/anchors``).

    One file a day; a later call on the same day writes the later state over it.

    Raises:
        LookupError: When nothing was recorded yet.
    """
    head = AuditHead.objects.order_by("pk").first()
    if head is None:
        raise LookupError("还没有任何操作记录。")
    now = clock.now().astimezone(clock.BEIJING)
    anchor = Anchor(
        at=now.isoformat(timespec="seconds"),
        number=head.number,
        digest=head.digest,
        key_version=head.key_version,
        mac=head.mac,
    )
    where = folder or default_anchors()
    where.mkdir(parents=True, exist_ok=True)
    path = where / f"anchor-{now:%Y-%m-%d}.json"
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(asdict(anchor), indent=1) + "\n", encoding="ascii")
    draft.replace(path)
    return path, anchor


def read_anchors(folder: Path) -> list[Anchor]:
    """Return the anchors of a folder, the earliest first.

    Raises:
        ValueError: When a file is no anchor; it says which.
    """
    found = []
    for path in sorted(folder.glob("anchor-*.json")):
        try:
            found.append(Anchor(**json.loads(path.read_text(encoding="ascii"))))
        except (TypeError, ValueError, OSError) as problem:
            raise ValueError(f"{path} 不是锚点文件：{problem}") from problem
    return sorted(found, key=lambda anchor: anchor.number)
