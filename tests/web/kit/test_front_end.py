"""The front end: a lock without addresses, pinned versions, and scripts that bring nothing in."""

import json
import re
from pathlib import Path


def test_the_lock_holds_no_address(repository: Path) -> None:
    """A mirror, a closed office and the public registry must all serve the same lock."""
    lock = json.loads((repository / "package-lock.json").read_text(encoding="utf-8"))
    named = [name for name, entry in lock["packages"].items() if "resolved" in entry]
    assert named == []
    rc = (repository / ".npmrc").read_text(encoding="utf-8")
    assert "omit-lockfile-registry-resolved=true" in rc
    assert "://" not in rc


def test_versions_are_exact(repository: Path) -> None:
    """With a range, npm once locked a release that was not published for every machine."""
    package = json.loads((repository / "package.json").read_text(encoding="utf-8"))
    asked = {**package["dependencies"], **package["devDependencies"]}
    assert asked
    assert [name for name, version in asked.items() if not re.fullmatch(r"[\d.]+", version)] == []
    assert asked["htmx.org"].startswith("2.")


def test_scripts_do_not_evaluate_text_or_call_outside(repository: Path) -> None:
    refused = re.compile(
        r"\beval\(|new Function|innerHTML|outerHTML|insertAdjacentHTML|document\.write|https?://"
    )
    found = [
        f"{path.name}:{number}"
        for path in sorted((repository / "frontend").rglob("*.js"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if refused.search(line)
    ]
    assert found == []


def test_words_of_scripts_come_from_the_server(repository: Path) -> None:
    """Written in a script they could never be translated; a misspelt key would show itself."""
    from yanglao.web.kit.words import WORDS

    used: set[str] = set()
    for path in sorted((repository / "frontend/js").glob("*.js")):
        text = path.read_text(encoding="utf-8")
        used |= set(re.findall(r'word\("(\w+)"', text))
        code = "\n".join(line for line in text.splitlines() if not line.strip().startswith("//"))
        assert re.search("[\u4e00-\u9fff]", code) is None, path.name
    assert used | {"failed_403", "failed_404"} == set(WORDS)


def test_script_modules_stay_small(repository: Path) -> None:
    for path in (repository / "frontend" / "js").glob("*.js"):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 400, path.name


def test_the_guide_names_every_part(repository: Path) -> None:
    """A part that desk builders can't find gets written twice."""
    from yanglao.web.kit.templatetags.kit import register

    ours = {"asset", "script_words"}  # used by the kit's own templates
    guide = (repository / "docs/reference/web-kit.md").read_text(encoding="utf-8")
    missing = [name for name in register.tags if f"{{% {name}" not in guide and name not in ours]
    missing += [
        name for name in register.filters if f"`{name}" not in guide and f"|{name}" not in guide
    ]
    assert missing == []
