"""Lock files: everything pinned and hashed, and no address of any registry in them."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from tests.architecture.house import ROOT, told

LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
_ADDRESS = re.compile(r"://|--(extra-)?index-url|--find-links|--trusted-host|^-[if] ", re.MULTILINE)


def _pins(text: str) -> dict[str, str]:
    """Return ``{name: version}`` of every pin in a requirements file."""
    found = re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s\\;#]+)", text, re.MULTILINE)
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in found}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_no_address_in_a_python_lock(lock: Path) -> None:
    """The same file installs from the public index, a mirror, or a disk in a closed office."""
    text = lock.read_text(encoding="utf-8")
    told(
        [line for line in text.splitlines() if _ADDRESS.search(line)],
        "Lock with: make lock",
    )


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_pin_is_hashed_and_matches_what_was_asked(lock: Path) -> None:
    """A package that is not the one that was tried is refused by pip."""
    text = lock.read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[A-Za-z0-9])", text)
    unhashed = [
        entry.splitlines()[0]
        for entry in entries
        if re.match(r"[A-Za-z0-9._-]+(\[|==)", entry) and "--hash=sha256:" not in entry
    ]
    told(unhashed, "Lock with: make lock")
    asked = _pins(lock.with_suffix(".in").read_text(encoding="utf-8"))
    pins = _pins(text)
    assert asked, "nothing asked for"
    told(
        [
            f"{name}: asked {asked[name]}, locked {pins.get(name)}"
            for name in asked
            if pins.get(name) != asked[name]
        ],
        "The lock is older than what was asked: make lock",
    )


def test_the_locks_were_found() -> None:
    """The parametrised tests above looked at something."""
    assert {path.stem for path in LOCKS} == {"base", "bench", "dev", "node", "spark"}


def test_shared_pins_agree() -> None:
    """What the program and its tests both use has one version."""
    base, dev = (
        _pins((ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8"))
        for name in ("base", "dev")
    )
    told(
        [
            f"{name}: {base[name]} and {dev[name]}"
            for name in sorted(base.keys() & dev.keys())
            if base[name] != dev[name]
        ],
        "make lock",
    )


def test_the_build_needs_nothing_that_is_not_locked() -> None:
    """Installing the program itself asks no network: its build system is in base.txt."""
    build = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]
    base = _pins((ROOT / "requirements" / "base.txt").read_text(encoding="utf-8"))
    wanted = {re.split(r"[<>=!~ \[]", name, maxsplit=1)[0] for name in build["requires"]}
    told(sorted(wanted - base.keys()), "Add it to requirements/base.in; make lock")


def test_no_address_in_the_front_end_lock() -> None:
    """Every package is pinned by its hash; where it comes from is each machine's own setting."""
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    told(
        [name for name, entry in packages.items() if "://" in str(entry.get("resolved", ""))],
        "npm writes no addresses with omit-lockfile-registry-resolved (see .npmrc).",
    )
    told(
        [name for name, entry in packages.items() if "integrity" not in entry],
        "A package without a hash.",
    )


def test_the_front_end_lock_is_complete() -> None:
    """``npm ci`` refuses a lock that leaves out a package it names, even an optional one.

    It happened when a registry did not have the newest build for every kind of machine: the lock
    was written without a word and could be installed nowhere. Take a release that is all there.
    """
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    locked = {name.rsplit("node_modules/", 1)[-1] for name in lock["packages"]}
    missing = [
        f"{name} wants {wanted}"
        for name, entry in lock["packages"].items()
        for kind in ("dependencies", "optionalDependencies", "devDependencies")
        for wanted in entry.get(kind, {})
        if wanted not in locked and wanted not in entry.get("bundleDependencies", [])
    ]
    told(missing, "Choose a version whose packages are all published, and lock again.")


def test_the_front_end_lock_serves_both_kinds_of_machine() -> None:
    """Locked on one kind of processor, npm may forget the binaries of the other."""
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    binaries = [name for name in lock["packages"] if "linux-" in name]
    x64, arm64 = (
        {re.sub(rf"-{kind}\b.*", "", name) for name in binaries if f"-{kind}" in name}
        for kind in ("x64", "arm64")
    )
    assert x64
    assert x64 == arm64
