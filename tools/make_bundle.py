"""Makes the folder that installs the program on a machine without internet: ``make bundle``.

Wheels of everything in ``requirements/base.txt`` with its digests, the program itself as a wheel
with its built pages, the policy packs, and ``install.sh``. Only fetching wheels asks the network.
"""

import argparse
import shutil
import subprocess
import sys
import tarfile
import tomllib
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BUILT = Path("src/yanglao/web/kit/static/kit/dist/app.css")
LOCK = Path("requirements/base.txt")
INSTALL = """\
#!/bin/sh
# Installs 养老 yanglao without any network: sudo ./install.sh /opt/yanglao
set -eu
target=${1:-/opt/yanglao}
here=$(cd "$(dirname "$0")" && pwd)
python=${YANGLAO_PYTHON:-python3}
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "缺少 Python 3.11 或更新的版本 · Python 3.11 or newer is missing." >&2; exit 1; }
"$python" -m venv "$target"
"$target/bin/python" -m pip install --quiet --no-index --find-links "$here/wheels" \\
    --require-hashes -r "$here/base.txt"
"$target/bin/python" -m pip install --quiet --no-index --no-deps --force-reinstall \\
    "$here"/program/yanglao-*.whl
rm -rf "$target/policies.new"
cp -r "$here/policies" "$target/policies.new"
rm -rf "$target/policies"
mv "$target/policies.new" "$target/policies"
echo "已安装 · installed: $target/bin/yanglao"
echo "设置里加一行 · add to /etc/yanglao.env:  YANGLAO_POLICIES=$target/policies"
"""


def main(words: Sequence[str] | None = None) -> int:
    """Make the bundle; return the exit code."""
    parser = argparse.ArgumentParser(prog="tools/make_bundle.py", description=__doc__)
    parser.add_argument("--to", type=Path, default=ROOT, help="folder to put it in")
    parser.add_argument("--without-wheels", action="store_true", help="all but the download")
    options = parser.parse_args(words)
    if not (ROOT / BUILT).exists():
        print("The pages are not built: run make setup first.", file=sys.stderr)
        return 1
    folder = options.to / f"yanglao-bundle-{version()}"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "wheels").mkdir(parents=True)
    shutil.copy(ROOT / LOCK, folder / "base.txt")
    shutil.copytree(ROOT / "policies", folder / "policies")
    script = folder / "install.sh"
    script.write_text(INSTALL, encoding="utf-8")
    script.chmod(0o755)
    build_program(folder / "program")
    if not options.without_wheels:
        download(folder / "wheels")
    packed = shutil.make_archive(str(folder), "gztar", options.to, folder.name)
    print(f"→ {packed}")
    return 0


def version() -> str:
    """Return the version of the program."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return str(told["project"]["version"])


def build_program(folder: Path) -> None:
    """Build the program's own wheel, pages and tables included, without the network."""
    pip("wheel", "--no-deps", "--no-index", "--no-build-isolation", "-w", str(folder), str(ROOT))
    shutil.rmtree(ROOT / "build", ignore_errors=True)


def download(folder: Path) -> None:
    """Fetch every wheel of the lock; pip refuses one whose digest is another."""
    pip(
        "download",
        "--require-hashes",
        "--only-binary",
        ":all:",
        "-d",
        str(folder),
        "-r",
        str(ROOT / LOCK),
    )


def pip(*words: str) -> None:
    """Run pip of this environment."""
    subprocess.run(
        [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *words], check=True
    )


def holds(archive: Path) -> list[str]:
    """Return what a bundle holds, by path."""
    with tarfile.open(archive) as packed:
        return sorted(one.name for one in packed.getmembers() if one.isfile())


if __name__ == "__main__":
    sys.exit(main())
