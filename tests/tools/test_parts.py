"""The parts: none copyleft beyond LGPL, every licence known, all for the Python of Debian 12."""

import re
from importlib import metadata
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

#: Words that a permissive or LGPL licence is known by, in the metadata's own spelling.
_FINE = re.compile(
    r"\b(MIT|BSD|Apache|ISC|PSF|Python Software Foundation|Zlib|HPND|0BSD|Unlicense|LGPL|"
    r"Lesser General Public|MPL|Mozilla Public)",
    re.IGNORECASE,
)
_STRONG = re.compile(r"(?<!L)\bA?GPL|(?<!Lesser )General Public License|Affero|SSPL|EUPL", re.I)

#: What the metadata leaves out, each with where the licence was read.
KNOWN: dict[str, str] = {}


def _locked(root: Path, name: str) -> list[str]:
    text = (root / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    return re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==", text, re.MULTILINE)


def _licence(package: str) -> str:
    """Return what a package says about its licence, in the order of trust."""
    about = metadata.metadata(package)
    expression = about.get("License-Expression")
    if expression:
        return str(expression)
    classes = [c for c in about.get_all("Classifier") or [] if c.startswith("License ::")]
    if classes:
        return "; ".join(c.rsplit(" :: ", 1)[-1] for c in classes)
    return (about.get("License") or "").strip().splitlines()[0] if about.get("License") else ""


def test_every_part_of_the_product_may_be_used(repository: Path) -> None:
    """Apache-2.0 stays true only while each part allows it."""
    packages = _locked(repository, "base")
    assert len(packages) > 15
    problems = []
    for package in packages:
        licence = KNOWN.get(package) or _licence(package)
        if not _FINE.search(licence) or _STRONG.search(licence):
            problems.append(f"{package}: {licence or 'unknown'}")
    assert not problems, "Permissive or LGPL only (the bench extra apart):\n" + "\n".join(problems)


def test_spark_may_be_used_too(repository: Path) -> None:
    """An extra of the product; looked at where it is installed."""
    pytest.importorskip("pyspark", reason="Spark is not installed: its licence is NOT looked at")
    packages = _locked(repository, "spark")
    assert packages == ["py4j", "pyspark"]
    for package in packages:
        licence = KNOWN.get(package) or _licence(package)
        assert _FINE.search(licence), f"{package}: {licence or 'unknown'}"
        assert not _STRONG.search(licence)
    for name in ("base", "bench", "node"):
        assert "pyspark" not in _locked(repository, name)


#: The Python of Debian 12.
OLDEST_PYTHON = "3.11.2"


@pytest.mark.parametrize("name", ["base", "dev"])
def test_every_part_runs_on_the_python_of_debian_12(repository: Path, name: str) -> None:
    """Locked on 3.11.7, soupsieve 4 wanted 3.11.5, and nothing could be installed on Debian."""
    problems = []
    for package in _locked(repository, name):
        wanted = metadata.metadata(package).get("Requires-Python")
        if wanted and not SpecifierSet(wanted).contains(OLDEST_PYTHON):
            problems.append(f"{package}: {wanted}")
    assert not problems, "Pin an older release in requirements/*.in, with the reason."


def test_openfisca_is_in_the_bench_extra_alone(repository: Path) -> None:
    """AGPL: measured beside ours, in a folder of its own, never part of the product."""
    for name in ("base", "dev", "node"):
        assert not [p for p in _locked(repository, name) if "openfisca" in p.lower()]
    assert "openfisca-core" in _locked(repository, "bench")


@pytest.mark.parametrize(
    ("licence", "fine"),
    [
        ("MIT", True),
        ("Apache-2.0 OR BSD-3-Clause", True),
        ("GNU Lesser General Public License v3 (LGPLv3)", True),
        ("LGPL-3.0-only", True),
        ("GPL-3.0-or-later", False),
        ("AGPL-3.0", False),
        ("GNU Affero General Public License v3", False),
        ("GNU General Public License v3 (GPLv3)", False),
        ("", False),
    ],
)
def test_licences_are_told_apart(licence: str, fine: bool) -> None:
    """LGPL passes, GPL and AGPL do not, and neither does saying nothing."""
    assert bool(_FINE.search(licence) and not _STRONG.search(licence)) is fine
