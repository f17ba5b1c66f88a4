"""Makes a new domain app or desk of the agreed shape and enters it wherever it must be known.

``make scaffold APP=benefits`` · ``make scaffold APP=meals ABOVE=entitlements`` ·
``make scaffold DESK=dispatch_board``. Its tests fail until they are written: an app without tests
cannot be forgotten. docs/howto/new-app.md and new-desk.md say what comes next.
"""

import argparse
import keyword
import re
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SHAPES = Path(__file__).resolve().parent / "shapes"
CONTRACTS = Path(".importlinter")
SETTINGS = Path("src/yanglao/config/settings.py")
URLS = Path("src/yanglao/config/urls.py")
_REFUSED = {"helpers", "utils", "util", "services", "service", "common", "misc", "core"}


class CannotScaffold(Exception):
    """The thing cannot be made; the text says why and what to do."""


def main(words: Sequence[str] | None = None) -> int:
    """Make what the words ask for; return the exit code."""
    parser = argparse.ArgumentParser(prog="make scaffold", description=__doc__)
    kinds = parser.add_subparsers(dest="kind", required=True)
    app = kinds.add_parser("app", help="a subject of its own in src/yanglao/domain")
    app.add_argument("name")
    app.add_argument("--above", help="the app it stands just above, when the plan does not say")
    desk = kinds.add_parser("desk", help="screens of one kind of officer in src/yanglao/web/desks")
    desk.add_argument("name", nargs="?", default="")
    options = parser.parse_args(words)
    try:
        if options.kind == "app":
            made = make_app(ROOT, options.name, above=options.above)
        else:
            made = make_desk(ROOT, options.name)
    except CannotScaffold as problem:
        print(problem, file=sys.stderr)
        return 1
    print("\n".join(str(path) for path in made))
    print(
        "Next: docs/howto/new-app.md" if options.kind == "app" else "Next: docs/howto/new-desk.md"
    )
    return 0


def make_app(root: Path, name: str, *, above: str | None = None) -> list[Path]:
    """Make a domain app and put it into the order of the contracts and into the settings.

    Args:
        root: The checkout.
        name: The app, also its label and its folder.
        above: The app just below it; not needed when the plan already names it, in brackets.

    Returns:
        The files made or changed, relative to ``root``.

    Raises:
        CannotScaffold: Bad name, app exists, or nobody says where it stands.
    """
    _check_name(name)
    folder = Path("src/yanglao/domain") / name
    _refuse_existing(root / folder)
    contracts = _with_app(_read(root / CONTRACTS), name, above)
    settings = _with_line(_read(root / SETTINGS), "yanglao.domain.", name, SETTINGS)
    return _write(root, _shape("app", name) | {CONTRACTS: contracts, SETTINGS: settings})


def make_desk(root: Path, name: str) -> list[Path]:
    """Make a desk and enter it in the settings and in the addresses.

    Returns:
        The files made or changed, relative to ``root``.

    Raises:
        CannotScaffold: Bad name, or the desk exists.
    """
    _check_name(name)
    folder = Path("src/yanglao/web/desks") / name
    _refuse_existing(root / folder)
    settings = _with_line(_read(root / SETTINGS), "yanglao.web.desks.", name, SETTINGS)
    urls = _with_address(_read(root / URLS), name)
    return _write(root, _shape("desk", name) | {SETTINGS: settings, URLS: urls})


def _check_name(name: str) -> None:
    if not re.fullmatch(r"[a-z][a-z_]{2,30}", name) or keyword.iskeyword(name):
        raise CannotScaffold(
            f"{name!r} is no name: small letters and underscores, 3 to 31 of them."
        )
    if name in _REFUSED:
        raise CannotScaffold(f"{name!r} says nothing about a subject; everything would land in it.")


def _refuse_existing(folder: Path) -> None:
    if folder.exists():
        raise CannotScaffold(f"{folder} is already there.")


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _shape(kind: str, name: str) -> dict[Path, str]:
    """Return the files of ``tools/shapes/<kind>`` with the name filled in, by their new path."""
    words = {
        "NAME_": name,
        "TITLE_": name.replace("_", " ").capitalize(),
        "CLASS_": "".join(part.capitalize() for part in name.split("_")),
    }

    def fill(text: str) -> str:
        for word, value in words.items():
            text = text.replace(word, value)
        return text

    folder = SHAPES / kind
    return {
        Path(fill(str(path.relative_to(folder)).removesuffix(".txt"))): fill(_read(path))
        for path in folder.rglob("*.txt")
    }


def _write(root: Path, files: dict[Path, str]) -> list[Path]:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return sorted(files)


def _with_app(contracts: str, name: str, above: str | None) -> str:
    """Return the contracts with the app in the order of the domain."""
    head, order, rest = _order_of_domain(contracts)
    in_brackets = f"({name})"
    if in_brackets in order:
        return head + order.replace(in_brackets, name) + rest
    lines = order.splitlines(keepends=True)
    for number, line in enumerate(lines):
        if above and above in re.findall(r"\w+", line) and f"({above})" not in line:
            lines.insert(number, f"    {name}\n")
            return head + "".join(lines) + rest
    raise CannotScaffold(
        f"The plan does not name {name}: say which app it stands just above "
        f"(make scaffold APP={name} ABOVE=…; one of: {', '.join(_standing(order))}), "
        "and record why in docs/decisions/."
    )


def _order_of_domain(contracts: str) -> tuple[str, str, str]:
    found = re.search(
        r"\[importlinter:contract:domain_order\].*?\nlayers =\n((?:    [^\n]*\n)+)",
        contracts,
        re.DOTALL,
    )
    if not found:
        raise CannotScaffold(f"{CONTRACTS} has no contract domain_order with layers.")
    return contracts[: found.start(1)], found[1], contracts[found.end(1) :]


def _standing(order: str) -> list[str]:
    return re.findall(r"(?<![(\w])\w+(?![)\w])", order)


def _with_line(settings: str, prefix: str, name: str, path: Path) -> str:
    """Return settings with ``prefix + name`` after the last installed app of that prefix."""
    found = list(re.finditer(rf'^ *"{re.escape(prefix)}\w+",\n', settings, re.MULTILINE))
    if not found:
        raise CannotScaffold(f'{path} lists no "{prefix}…" to stand beside.')
    end = found[-1].end()
    return f'{settings[:end]}    "{prefix}{name}",\n{settings[end:]}'


def _with_address(urls: str, name: str) -> str:
    """Return the URL root with an address prefix for the desk, before the public pages."""
    found = re.search(r"^    # Signing in and one's own account", urls, re.MULTILINE)
    if not found:
        raise CannotScaffold(f"{URLS} has no list of desks that ends at signing in.")
    prefix = re.sub(r"_(desk|room|board)$", "", name).replace("_", "-")
    line = f'    path("{prefix}/", include("yanglao.web.desks.{name}.urls")),\n'
    return f"{urls[: found.start()]}{line}{urls[found.start() :]}"


if __name__ == "__main__":
    sys.exit(main())
