"""The papers of the house: links lead somewhere, decisions are numbered and listed."""

import re
from pathlib import Path


def _pages(repository: Path) -> list[Path]:
    pages = [*sorted((repository / "docs").rglob("*.md")), *sorted(repository.glob("*.md"))]
    assert pages
    return pages


def test_links_between_pages_lead_somewhere(repository: Path) -> None:
    """A renamed file is found here, not by a new colleague."""
    problems = []
    for page in _pages(repository):
        targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
        problems += [
            f"{page.relative_to(repository)}: {target}"
            for target in targets
            if "://" not in target and not (page.parent / target).exists()
        ]
    assert not problems


def test_decisions_are_numbered_and_listed(repository: Path) -> None:
    """Every record has a number of its own, a date, a status, and a line in the list."""
    folder = repository / "docs" / "decisions"
    records = sorted(folder.glob("[0-9]*.md"))
    numbers = [int(path.name[:4]) for path in records]
    assert numbers == list(range(1, len(numbers) + 1))
    listed = (folder / "README.md").read_text(encoding="utf-8")
    for path in records:
        text = path.read_text(encoding="utf-8")
        assert text.startswith(f"# {path.name[:4]} ")
        assert re.search(r"^Date: \d{4}-\d\d-\d\d · (In force|Superseded by )", text, re.MULTILINE)
        assert path.name in listed


def test_commands_in_papers_exist(repository: Path) -> None:
    """A paper that names a make target names one that is there."""
    targets = set(
        re.findall(r"^([a-z]+):", (repository / "Makefile").read_text("utf-8"), re.MULTILINE)
    )
    problems = [
        f"{page.relative_to(repository)}: make {name}"
        for page in _pages(repository)
        for name in re.findall(r"(?:`|^    )make ([a-z]+)\b", page.read_text("utf-8"), re.MULTILINE)
        if name not in targets
    ]
    assert not problems
