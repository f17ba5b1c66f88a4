"""Where an installation keeps its state: one folder, ``YANGLAO_HOME`` (default ``var/``)."""

import os
from pathlib import Path


def home() -> Path:
    """Return the state folder as an absolute path; made when first needed."""
    folder = Path(os.environ.get("YANGLAO_HOME") or "var").expanduser().resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def holds_demo() -> bool:
    """Say whether the state folder holds invented people: ``yanglao demo`` left its mark there."""
    return (home() / "demo.json").exists()


def home_folder(name: str) -> Path:
    """Return the sub-folder ``name`` of the state folder, made when missing."""
    folder = home() / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder
