"""The bundle for a machine without internet: whole, and installable without any network."""

import re
import subprocess
import zipfile
from pathlib import Path

import pytest

from tools import make_bundle


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle without the wheels of others: those need the network."""
    if not (make_bundle.ROOT / make_bundle.BUILT).exists():
        pytest.skip("the pages are not built")
    folder = tmp_path_factory.mktemp("bundle")
    assert make_bundle.main(["--to", str(folder), "--without-wheels"]) == 0
    return folder / f"yanglao-bundle-{make_bundle.version()}"


def test_the_wheel_holds_all_that_the_program_reads(bundle: Path) -> None:
    """Everything of the package that is no bytecode: templates, pages, tables of places."""
    (wheel,) = (bundle / "program").glob("*.whl")
    with zipfile.ZipFile(wheel) as book:
        held = set(book.namelist())
    source = make_bundle.ROOT / "src"
    wanted = {
        path.relative_to(source).as_posix()
        for path in (source / "yanglao").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert wanted - held == set()
    assert any(name.endswith(make_bundle.BUILT.name) for name in held)


def test_the_bundle_names_every_package_with_its_digest(bundle: Path) -> None:
    lock = (bundle / "base.txt").read_text(encoding="utf-8")
    pinned = re.findall(r"^([A-Za-z0-9._-]+(?:\[[a-z,]+\])?)==\S+ \\$", lock, re.MULTILINE)
    assert len(pinned) > 20
    for name in ("django", "cryptography", "pyotp", "segno", "granian", "psycopg"):
        assert any(one.lower().startswith(name) for one in pinned), name
    assert lock.count("--hash=sha256:") >= len(pinned)
    assert not re.search(r"https?://", lock)
    assert (bundle / "policies" / "hetian" / "catalogue.yaml").exists()


def test_installing_asks_no_network(bundle: Path) -> None:
    text = (bundle / "install.sh").read_text(encoding="utf-8")
    for line in re.findall(r"pip install[^\n]*(?:\\\n[^\n]*)*", text):
        assert "--no-index" in line
    assert "--require-hashes" in text
    assert subprocess.run(["sh", "-n", str(bundle / "install.sh")], check=False).returncode == 0
