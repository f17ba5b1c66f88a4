"""Screens: each says who may open it and whether it writes; pages carry no code of their own."""

import ast
import re
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from tests.architecture.house import PACKAGE, ROOT, desks, sources, templates, told

#: Views that are not ours, each with the reason why it needs no permission of ours.
NOT_OURS = {
    "django.views.i18n.JavaScriptCatalog": "texts of the interface, the same for everybody",
    "django.contrib.staticfiles.views.serve": "files of the interface, no data",
    "django.views.static.serve": "files of the interface, no data",
}


def every_url(
    patterns: list[URLPattern | URLResolver] | None = None, prefix: str = "/"
) -> Iterator[tuple[str, Any]]:
    """Yield ``(path, view)`` of every address that the program answers."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        path = prefix + str(pattern.pattern)
        if path == "/api/v1/":
            continue  # no screens: keys and scopes, walked by tests/api/test_doors.py
        if isinstance(pattern, URLResolver):
            yield from every_url(pattern.url_patterns, path)
        else:
            yield path, pattern.callback


def _name(view: Any) -> str:
    cls = getattr(view, "view_class", view)
    return f"{cls.__module__}.{getattr(cls, '__qualname__', type(cls).__qualname__)}"


def test_every_address_says_who_may_open_it_and_whether_it_writes() -> None:
    """Nobody reaches data by an address that was forgotten; ``screen(...)`` declares each."""
    from yanglao.web.kit.screens import ScreenInfo, screen_info

    problems, seen = [], 0
    for path, view in every_url():
        seen += 1
        info = screen_info(view)
        if info is None and _name(view) in NOT_OURS:
            continue
        if not isinstance(info, ScreenInfo):
            problems.append(f"{path}: {_name(view)}")
    has_views = any((PACKAGE / "web" / "desks").glob("*/views/*.py"))
    assert seen or not has_views, "views exist but no address leads to them"
    told(problems, "Declare the view with yanglao.web.kit.screens.screen(permission, writes=…).")


def test_permissions_of_screens_exist() -> None:
    """A misspelt permission would lock everybody out, and look like a rule."""
    from yanglao.domain.accounts.public import Permission
    from yanglao.web.kit.screens import screen_info

    known = {str(permission) for permission in Permission}
    problems = []
    for path, view in every_url():
        info = screen_info(view)
        if info is not None and info.permission is not None and info.permission not in known:
            problems.append(f"{path}: {info.permission}")
    told(problems, "Use a permission of accounts.Permission.")


#: Addresses that answer without an account, each with its reason.
OPEN = {
    "/login/": "signing in, setting a first password",
    "/health/": "whether the machine is well, for machines; says a word, no data",
    "/metrics": "numbers for this machine itself or whoever has the token; asks both itself",
    "/kit/": "texts and themes of the interface, the same for everybody",
    "/self/": "the public page: asks, answers and keeps nothing",
    "/board/": "the public notice board: what hangs out today, names masked",
}


def test_only_the_public_page_and_the_door_are_open() -> None:
    """Login is needed unless a screen says otherwise; :data:`OPEN` is the whole of those."""
    from yanglao.web.kit.screens import screen_info

    problems = []
    for path, view in every_url():
        info = screen_info(view)
        if info is not None and info.public and not path.startswith(tuple(OPEN)):
            problems.append(f"{path}: {_name(view)}")
    told(problems, "Only what stands in OPEN answers without an account.")


def test_changing_screens_need_a_permission() -> None:
    """A screen that writes and only needs a login lets every role write."""
    from yanglao.web.kit.screens import screen_info

    own_account = re.compile(r"(login|logout|sign|password|place|theme|elder|prefer|language)")
    problems = []
    for path, view in every_url():
        info = screen_info(view)
        if info is None or not info.writes or info.public or info.permission is not None:
            continue
        if not own_account.search(path):
            problems.append(f"{path}: {_name(view)}")
    told(problems, "Name the permission that the act needs.")


def test_pages_carry_no_inline_script() -> None:
    """The content security policy refuses it, and so does a reviewer: code lives in frontend/."""
    script = re.compile(r"<script\b([^>]*)>", re.IGNORECASE)
    handler = re.compile(r"<[^>]*\son[a-z]+\s*=\s*[\"']", re.IGNORECASE)
    problems = []
    for path in templates():
        text = path.read_text(encoding="utf-8")
        where = path.relative_to(ROOT)
        for match in script.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            if "src=" not in match[1] and "application/json" not in match[1]:
                problems.append(f"{where}:{line}: script without src")
            if re.search(r"src=[\"'](https?:)?//", match[1]):
                problems.append(f"{where}:{line}: script from another machine")
        problems += [
            f"{where}:{text.count(chr(10), 0, match.start()) + 1}: event attribute"
            for match in handler.finditer(text)
        ]
        if "javascript:" in text.lower():
            problems.append(f"{where}: javascript: address")
    told(problems, "Move the code to frontend/js.")


def test_pages_load_nothing_from_outside() -> None:
    """Offices without internet use this: no font, picture or map tile comes from elsewhere."""
    outside = re.compile(r"(?:src|href|srcset|action)\s*=\s*[\"'](?:https?:)?//", re.IGNORECASE)
    styles = re.compile(r"(?:@import|url\()\s*[\"']?(?:https?:)?//", re.IGNORECASE)
    files = [*templates(), *sorted((ROOT / "frontend").rglob("*.css"))]
    problems = []
    for path in files:
        text = path.read_text(encoding="utf-8")
        for match in [*outside.finditer(text), *styles.finditer(text)]:
            line = text.count("\n", 0, match.start()) + 1
            problems.append(f"{path.relative_to(ROOT)}:{line}: {match[0]}")
    told(problems, "Bring the file into the repository, or through npm at set-up.")


def test_pages_do_not_ask_for_the_day() -> None:
    """The day on a page comes from its view, like everything else on it."""
    problems = [
        str(path.relative_to(ROOT))
        for path in templates()
        if re.search(r"{%\s*now\b", path.read_text(encoding="utf-8"))
    ]
    told(problems, "Give the page its day from foundation.clock.")


def test_desks_have_the_agreed_shape() -> None:
    """views/<noun>.py, urls.py, and templates under the desk's own name."""
    problems = []
    for desk in desks():
        if not (desk / "apps.py").exists():
            problems.append(f"{desk.name} has no apps.py")
        if (desk / "views.py").exists():
            problems.append(f"{desk.name}/views.py: one file per noun in views/")
        has_views = any((desk / "views").glob("*.py")) if (desk / "views").exists() else False
        if has_views and not (desk / "urls.py").exists():
            problems.append(f"{desk.name} has views but no urls.py")
        folder = desk / "templates"
        names = {path.name for path in folder.iterdir()} if folder.exists() else set()
        allowed = {desk.name, desk.name.rsplit("_", 1)[0]}
        if names - allowed:
            problems.append(f"{desk.name}/templates holds {sorted(names - allowed)}")
    told(problems, "views/<noun>.py · urls.py · templates/<desk>/<noun>.html · parts/")


def test_every_template_named_by_a_view_exists() -> None:
    """A renamed page is found here and not by an officer."""
    known = {str(path).split("/templates/", 1)[1] for path in templates()}
    problems = [
        f"{source.at(node)}: {node.value}"
        for source in sources("web")
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"[a-z_]+/[a-z_/]+\.html", node.value)
        and node.value not in known
    ]
    told(problems, "No such template.")


def test_texts_of_pages_can_be_translated() -> None:
    """Chinese on a page stands inside a translate tag, so that 维吾尔语 can follow."""
    stripped = re.compile(
        r"{%\s*comment.*?endcomment\s*%}|{#.*?#}"
        r"|{%\s*blocktranslate\b.*?endblocktranslate\s*%}|{%.*?%}|{{.*?}}|<!--.*?-->",
        re.DOTALL,
    )
    chinese = re.compile(r"[\u4e00-\u9fff]+")
    problems = []
    for path in templates():
        if "gallery" in path.parts:
            continue  # shows every page part to developers, in DEBUG only
        text = path.read_text(encoding="utf-8")
        # Keep the line numbers: what is taken out leaves its line breaks.
        bare = stripped.sub(lambda match: "\n" * match[0].count("\n"), text)
        for number, line in enumerate(bare.splitlines(), 1):
            found = chinese.search(line)
            if found:
                problems.append(f"{path.relative_to(ROOT)}:{number}: {found[0]}")
    told(problems, "Wrap it in {% translate %} or {% blocktranslate %}.")
