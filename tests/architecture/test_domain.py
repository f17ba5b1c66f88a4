"""The shape of every domain app: one door, tables that say what they hold, no reach across."""

import ast

import pytest
from django.apps import apps as registry
from django.db import models

from tests.architecture.house import PACKAGE, apps, read, sources, told

_PLAIN_DOOR = (ast.Import, ast.ImportFrom)


def own_models() -> list[type[models.Model]]:
    """Return every table of ours."""
    found = [
        model
        for model in registry.get_models(include_auto_created=False)
        if model.__module__.startswith("yanglao.")
    ]
    assert found, "no model found"
    return found


def test_every_app_has_the_agreed_files() -> None:
    """A reader knows where to look before opening a folder."""
    problems = []
    for app in apps():
        problems += [
            f"{app.name} has no {name}"
            for name in ("__init__.py", "apps.py", "public.py")
            if not (app / name).exists()
        ]
        has_tables = (app / "models.py").exists() or (app / "models").is_dir()
        if has_tables and not (app / "migrations" / "__init__.py").exists():
            problems.append(f"{app.name} has tables without migrations")
    told(problems, "Every app: public.py, apps.py; migrations beside models.")


#: Codes, words of machines and of files; not of people at a screen.
_CUT = {"code", "place", "file_name", "sheet", "photo_id", "sender"}
_MACHINES = ("domain/clients/actions/hooks.py",)


def test_no_action_cuts_a_text_that_it_is_given() -> None:
    """A reason is kept whole or refused (``kernel.whole_words``); the end may hold what matters."""
    problems = []
    for source in sources("domain"):
        if "/actions" not in source.path or source.path.endswith(_MACHINES):
            continue
        for function in ast.walk(source.tree):
            if isinstance(function, ast.FunctionDef):
                texts = {one.arg for one in _arguments(function) if _is_text(one)}
                problems += [
                    f"{source.at(node)}: {name}"
                    for node in ast.walk(function)
                    if (name := _cut_name(node)) in texts - _CUT
                ]
    told(problems, "Use whole(text, longest, WhatIsRaised).")


def _arguments(function: ast.FunctionDef) -> list[ast.arg]:
    return [*function.args.args, *function.args.kwonlyargs]


def _is_text(argument: ast.arg) -> bool:
    return isinstance(argument.annotation, ast.Name) and argument.annotation.id == "str"


def _cut_name(node: ast.AST) -> str:
    """Return the name in ``name[:200]`` and ``name.strip()[:200]``."""
    if not (isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice)):
        return ""
    if node.slice.lower is not None:
        return ""
    cut: ast.AST = node.value
    if isinstance(cut, ast.Call) and isinstance(cut.func, ast.Attribute):
        cut = cut.func.value
    return cut.id if isinstance(cut, ast.Name) else ""


def test_every_app_is_installed_under_its_own_name() -> None:
    """An app's label is its folder's name: it names its tables and its migrations for good."""
    installed = {config.name: config.label for config in registry.get_app_configs()}
    problems = [
        f"{app.name}: {installed.get(f'yanglao.domain.{app.name}', 'not installed')}"
        for app in apps()
        if installed.get(f"yanglao.domain.{app.name}") != app.name
    ]
    told(problems, "Add the app to INSTALLED_APPS; its label is its folder's name.")


def test_doors_only_re_export() -> None:
    """public.py says what may be used and explains the subject; the code is behind it."""
    problems = []
    for app in apps():
        path = app / "public.py"
        if not path.exists():
            continue  # test_every_app_has_the_agreed_files says so
        source = read(path)
        if not ast.get_docstring(source.tree):
            problems.append(f"{source.path}: no docstring that explains the subject")
        imported: set[str] = set()
        listed: list[str] | None = None
        for node in source.tree.body:
            if isinstance(node, _PLAIN_DOOR):
                imported |= {alias.asname or alias.name for alias in node.names}
            elif _is_all(node):
                listed = ast.literal_eval(node.value)  # type: ignore[attr-defined]
            elif not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
                problems.append(f"{source.at(node)}: code in a door")
        if listed is None:
            problems.append(f"{source.path}: no __all__")
        elif set(listed) != imported:
            problems.append(f"{source.path}: __all__ and imports differ: {set(listed) ^ imported}")
    told(problems, "A door only re-exports, and lists everything in __all__.")


def _is_all(node: ast.stmt) -> bool:
    if not isinstance(node, ast.Assign | ast.AnnAssign):
        return False
    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
    return isinstance(target, ast.Name) and target.id == "__all__"


def test_no_accessor_reaches_back_across_apps() -> None:
    """A foreign key to another app gives that app no way back: related_name="+"."""
    problems = []
    for model in own_models():
        for field in [*model._meta.local_fields, *model._meta.local_many_to_many]:
            other = field.related_model
            if other is None or isinstance(other, str) or not _is_ours(other):
                continue
            across = other._meta.app_label != model._meta.app_label
            if across and not field.remote_field.hidden:
                problems.append(f"{model.__name__}.{field.name} -> {other.__name__}")
    told(problems, 'Keys across apps carry related_name="+".')


def test_keys_across_apps_are_strings() -> None:
    """A key names the other app's table as text, so that no import is needed for it."""
    kinds = {"ForeignKey", "OneToOneField", "ManyToManyField"}
    problems, seen = [], 0
    for source in sources("domain"):
        own = {n.name for n in source.tree.body if isinstance(n, ast.ClassDef)}
        for node, name in source.calls():
            if name.rsplit(".", 1)[-1] not in kinds:
                continue
            seen += 1
            to = node.args[0] if node.args else None
            if isinstance(to, ast.Name) and to.id not in own and _other_app(source.tree, to.id):
                problems.append(f"{source.at(node)}: {to.id}")
    assert seen, "no foreign key found: the test looks in the wrong place"
    told(problems, 'Write "app.Model".')


def _other_app(tree: ast.Module, name: str) -> bool:
    """Say whether ``name`` was imported through another app's door."""
    return any(
        isinstance(node, ast.ImportFrom)
        and (node.module or "").endswith(".public")
        and any(alias.name == name for alias in node.names)
        for node in ast.walk(tree)
    )


def test_every_table_says_what_it_holds_about_people() -> None:
    """个人信息保护法: what is kept, and how it ends, is known for every table before it exists."""
    from yanglao.foundation.privacy import PersonalData

    problems = []
    for model in own_models():
        # Said by the class itself: a subclass may hold more than its parent.
        said = [vars(c).get("personal_data") for c in model.__mro__ if _is_ours(c)]
        declared = next((value for value in said if value is not None), None)
        if not isinstance(declared, PersonalData):
            problems.append(f"{model._meta.label}: no personal_data")
        elif declared.kinds and len(declared.retired) < 10:
            problems.append(f"{model._meta.label}: does not say how its rows end")
    told(problems, "personal_data: ClassVar[PersonalData] = PersonalData(kinds=…, retired=…)")


def _is_ours(cls: type) -> bool:
    return cls.__module__.startswith("yanglao.")


def test_a_table_with_names_is_not_called_impersonal() -> None:
    """Columns that hold people's names or numbers cannot stand in a table without such data."""
    telling = {"id_number", "id_hash", "birth_date", "phone", "contact_phone", "person"}
    problems = [
        f"{model._meta.label}.{field.name}"
        for model in own_models()
        for field in model._meta.local_fields
        if field.name in telling and not model.personal_data.kinds  # type: ignore[attr-defined]
    ]
    told(problems, "Say which personal data the table holds.")


def test_every_table_says_who_it_is() -> None:
    """A row that prints as "Object (3)" helps nobody in a log."""
    problems = [
        model._meta.label for model in own_models() if model.__str__ is models.Model.__str__
    ]
    told(problems, "Define __str__.")


def test_constraints_speak_chinese() -> None:
    """A broken row truth reaches an officer: its message is for a person."""
    problems = [
        f"{model._meta.label}: {constraint.name}"
        for model in own_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, models.CheckConstraint)
        and constraint.violation_error_message == constraint.default_violation_error_message
    ]
    told(problems, "Give the constraint a violation_error_message.")


def test_actions_say_who_acts() -> None:
    """Writes are keyword-only, typed, and carry the acting reader."""
    problems, seen = [], 0
    for source in sources("domain"):
        if "/actions" not in source.path:
            continue
        for node in source.tree.body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            seen += 1
            names = [arg.arg for arg in [*node.args.args, *node.args.kwonlyargs]]
            if "acting" not in names:
                problems.append(f"{source.at(node)} {node.name}")
    assert seen or not any((app / "actions.py").exists() for app in apps())
    told(problems, "Take acting: Reader.")


@pytest.mark.parametrize("room", ["kernel", "foundation", "engines", "domain", "flows", "web"])
def test_every_room_explains_itself(room: str) -> None:
    """Every module begins by saying what it is for."""
    problems = [
        source.path
        for source in sources(room)
        if source.text.strip() and not ast.get_docstring(source.tree)
    ]
    assert (PACKAGE / room).exists() or not problems
    told(problems, "Begin the module with a docstring.")
