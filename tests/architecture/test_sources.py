"""What the source may not say: rules that an import contract cannot see."""

import ast
import re
from pathlib import Path

from tests.architecture.house import PACKAGE, ROOT, Source, dotted, read, sources, told

_MANAGERS = {"objects", "_default_manager", "_base_manager"}
_CLOCK_CALLS = re.compile(
    r"(^|\.)(date\.today|datetime\.(now|utcnow|today)"
    r"|timezone\.(now|localdate|localtime)|localdate|time\.(time|localtime|gmtime|strftime))$"
)
_SIGNALS = re.compile(r"^django\.(dispatch|db\.models\.signals|db\.backends\.signals)")
_REFUSED_NAMES = {"helpers", "utils", "util", "services", "service", "common", "misc"}


def _imports(source: Source) -> list[tuple[ast.AST, str]]:
    """Return every imported dotted name with its node."""
    found: list[tuple[ast.AST, str]] = []
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            found += [(node, alias.name) for alias in node.names]
        if isinstance(node, ast.ImportFrom):
            found += [(node, f"{node.module}.{alias.name}") for alias in node.names]
    return found


def test_edges_do_not_query_tables() -> None:
    """Screens, endpoints, jobs and commands ask a door; only the domain knows its tables."""
    problems = [
        f"{source.at(node)}: .{node.attr}"
        for source in sources("web", "api", "jobs", "ops", "flows")
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute) and node.attr in _MANAGERS
    ]
    told(problems, "Ask the app's public.py (queries, actions) instead of a manager.")


def test_no_signal_carries_business_meaning() -> None:
    """A receiver far away hides an effect: say it in the action, or defer a job by name."""
    problems = [
        f"{source.at(node)}: {name}"
        for source in sources("")
        if not source.path.startswith("src/yanglao/foundation/")
        for node, name in _imports(source)
        if _SIGNALS.match(name)
    ]
    told(problems, "No signals outside foundation: call it, or defer a job by name.")


def test_only_the_clock_knows_what_day_it_is() -> None:
    """Everything else takes ``as_of``, so that a run can be repeated on any day."""
    problems = []
    for source in sources("", migrations=True):
        if source.path == "src/yanglao/foundation/clock.py":
            continue
        problems += [
            f"{source.at(node)}: {name}()"
            for node, name in source.calls()
            if _CLOCK_CALLS.search(name)
        ]
        problems += [
            f"{source.at(node)}: {node.arg}=True"
            for node in ast.walk(source.tree)
            if isinstance(node, ast.keyword) and node.arg in {"auto_now", "auto_now_add"}
        ]
        problems += [
            f"{source.at(node)}: database clock"
            for node, name in _imports(source)
            if name == "django.db.models.functions.Now"
        ]
    told(problems, "Take the day or moment from the caller, or ask yanglao.foundation.clock.")


def test_no_sql_asks_the_database_for_the_day() -> None:
    """SQL text must take the day as a value too."""
    asking = re.compile(r"\b(current_date|current_timestamp|now\(\)|date\('now'|getdate\(\))", re.I)
    problems = [
        f"{source.at(node)}: {node.value.strip()[:60]}"
        for source in sources("", migrations=True)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and "select" in node.value.lower()
        and asking.search(node.value)
    ]
    told(problems, "Bind the day as a parameter.")


def test_every_duckdb_has_a_place_for_what_does_not_fit() -> None:
    """Left to itself DuckDB writes it in the clear into the folder it was started in."""
    problems = []
    for source in sources(""):
        for node, name in source.calls():
            if name not in ("duckdb.connect", "duckdb.default_connection", "duckdb.sql"):
                continue
            settings = [ast.unparse(word.value) for word in node.keywords if word.arg == "config"]
            ours = source.path == "src/yanglao/foundation/duck.py"
            if not ours and not any(words.startswith("in_memory(") for words in settings):
                problems.append(source.at(node))
    told(problems, "Use foundation.duck, or config=in_memory(…) of kernel.no_spill in an engine.")


def test_no_rooms_for_leftovers() -> None:
    """A file called helpers or utils has no purpose of its own, so everything lands in it."""
    problems = [
        str(path.relative_to(ROOT))
        for path in PACKAGE.rglob("*")
        if path.stem in _REFUSED_NAMES and (path.is_dir() or path.suffix == ".py")
    ]
    told(problems, "Name the file after what it does.")


def test_files_stay_short() -> None:
    """A file over 600 lines becomes a package with one file per act or table."""
    problems = []
    for path in _own_python_files("src", "tools", "tests"):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > 600:
            problems.append(f"{path.relative_to(ROOT)}: {lines} lines")
    told(problems, "At most 600 lines a file.")


def test_functions_stay_short() -> None:
    """A function over 60 lines does more than one thing."""
    problems = []
    for path in _own_python_files("src", "tools"):
        source = read(path)
        for node in ast.walk(source.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > 60:
                    problems.append(f"{source.at(node)} {node.name}: {lines} lines")
    told(problems, "At most 60 lines a function.")


def _own_python_files(*folders: str) -> list[Path]:
    found = [
        path
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "migrations" not in path.parts
    ]
    assert found
    return found


def test_nothing_reads_the_shelf_beside_the_checkout() -> None:
    """What the product needs is in the repository: a clone elsewhere must work the same."""
    shelf = re.compile(r"(\.\./|/work/|parents\[\d\] / [\"'])" + "sha" + "red")
    folders = ("src", "tools", "tests", "policies", "frontend", "requirements")
    files = [path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file()]
    files += [ROOT / name for name in ("Makefile", "pyproject.toml", "package.json", ".ci/run")]
    problems = []
    for path in files:
        if path.suffix in {".pyc", ".png", ".xlsx", ".xls"} or "node_modules" in path.parts:
            continue
        if path.exists() and shelf.search(path.read_text(encoding="utf-8", errors="replace")):
            problems.append(str(path.relative_to(ROOT)))
    told(problems, "Copy the facts into the repository, with their source.")


def test_no_policy_number_in_python() -> None:
    """An age limit or an amount lives in policies/…/parameters, dated and sourced, not in code.

    Ages that the catalogue turns on, written as a comparison with something called an age.
    """
    ages = {60, 65, 70, 75, 80, 85, 90, 95, 100}
    problems = []
    for source in sources("domain", "flows", "engines", "web", "jobs"):
        for node in ast.walk(source.tree):
            if not isinstance(node, ast.Compare):
                continue
            sides = [node.left, *node.comparators]
            numbers = {side.value for side in sides if isinstance(side, ast.Constant)}
            names = {dotted(side).rsplit(".", 1)[-1] for side in sides}
            if numbers & ages and any("age" in name.split("_") for name in names):
                problems.append(source.at(node))
    told(problems, "Put the limit into the pack's parameters.")
