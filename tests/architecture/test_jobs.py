"""Jobs are deferred by name: every name that is asked for has a function."""

import ast

from tests.architecture.house import Source, sources, told
from yanglao.foundation import jobs


def _deferred(source: Source) -> list[tuple[str, str | None]]:
    """Return ``(place, name)`` for every call of ``defer``; ``None`` when the name is no text."""
    found: list[tuple[str, str | None]] = []
    for node, name in source.calls():
        if name not in {"defer", "jobs.defer"}:
            continue  # a queryset has a method of the same name
        first = node.args[0] if node.args else None
        given = first.value if isinstance(first, ast.Constant) else None
        found.append((source.at(node), given if isinstance(given, str) else None))
    return found


def test_every_deferred_job_is_bound() -> None:
    """A name without a function would wait in the table for ever."""
    bound = jobs.bound_names()
    problems = [
        f"{place}: {name or 'the name is not written out'}"
        for source in sources("foundation", "domain", "flows", "web", "jobs", "ops")
        if source.path != "src/yanglao/foundation/jobs.py"
        for place, name in _deferred(source)
        if name not in bound
    ]
    told(problems, "Bind the name in yanglao/jobs/wrappers.py, and write it out where it is asked.")


def test_jobs_take_plain_values() -> None:
    """A job's arguments are kept as JSON: ids and dates as text, never objects."""
    problems = []
    for source in sources("jobs"):
        for node in source.tree.body:
            if not isinstance(node, ast.FunctionDef) or not _binds(node):
                continue
            for arg in [*node.args.args[2:], *node.args.kwonlyargs]:
                written = ast.unparse(arg.annotation) if arg.annotation else "nothing"
                if not set(written.replace("|", " ").replace("[", " ").split()) <= _PLAIN:
                    problems.append(f"{source.at(node)} {node.name}: {arg.arg}: {written}")
    told(problems, "Take str, int, bool, None or lists of them.")


_PLAIN = {"str", "int", "bool", "None", "float", "list", "str]", "int]", "Any", "object"}


def _binds(node: ast.FunctionDef) -> bool:
    return any("bind" in ast.unparse(decorator) for decorator in node.decorator_list)


def test_timetable_names_are_bound() -> None:
    """All timed jobs stand in one list; each of its names has a function."""
    try:
        from yanglao.jobs import schedule
    except ImportError:
        return  # No timed job yet; the list arrives with the first.
    names = {entry.name for entry in schedule.TIMETABLE}
    assert names, "an empty timetable"
    told(sorted(names - jobs.bound_names()), "Bind the name in yanglao/jobs/wrappers.py.")
