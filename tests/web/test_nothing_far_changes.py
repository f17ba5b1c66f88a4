"""Every address that writes, with numbers of another county in the address and in every field.

Whoever answers for a county knows numbers of things that are not his: they stand one after the
other. Sent to any desk, in the address or in a field, they change nothing of the other county's
and bring nothing back that is written there.
"""

import inspect
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django import forms
from django.apps import apps
from django.db import connection, models, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve

from tests.conftest import PASSWORD
from tests.web.desks.factories import PREFECTURE, TODAY, World
from tests.web.far_things import NOBODY
from tests.web.forms_walk import FINE, Form, forms_of, pages
from tests.web.standing import (  # noqa: F401  fixtures
    ADDRESSES,
    AREAS,
    FAR_FILE,
    FAR_NAME,
    FAR_OFFICER,
    NARROW,
    Address,
    Choices,
    Standing,
    choices,
    menu_counted_once,
    shut,
    standing,
    words,
    world,
)
from yanglao.domain.accounts.public import Role, open_account
from yanglao.foundation.remembered import forget_remembered
from yanglao.foundation.scoping import system_reader

pytestmark = pytest.mark.django_db

_TYPE = "application/x-www-form-urlencoded"
_ASKED = re.compile(r"POST(?:\.get|\.getlist)?[(\[]\"(\w+)\"")
#: Names of fields that hold the number of a thing, whatever the page offers for them.
_NUMBERS = re.compile(
    r"chosen|shown|case|person|payment|lead|finding|claim|goes_on|comparison|base|assessor|first"
    r"|second|body|provider|account|grading|benefit|plan|record|entry|keep|ids?|file|dispute"
    r"|employer|assignee|to_assignee|\w+_id"
)
#: Tables in which it is written who did what, and those of signing in.
_NOT_THEIRS = re.compile(r"audit|session|sign_?in|opening|remembered|django_", re.IGNORECASE)
_WRITES = re.compile(r"^\s*(?:WITH\b.*\b)?(INSERT|UPDATE|DELETE)\b", re.IGNORECASE | re.DOTALL)
_MOST_ACTS = 6
#: So many addresses must write something near, or the walk is turned back at every door.
_FEWEST_WRITING = {"county": 12}


@pytest.mark.parametrize("role", NARROW)
def test_nothing_far_is_changed_or_read_back(
    role: str,
    client_as: Callable[..., Client],
    choices: Choices,  # noqa: F811
    standing: Standing,  # noqa: F811
    world: World,  # noqa: F811
    offered: dict[str, list[Form]],
) -> None:
    client = client_as(role, AREAS[role])
    far = {name: one for name, one in standing.far.numbers.items() if isinstance(one, int)}
    far["lead"] = world.lead(world.far).pk
    before, problems, asked = far_rows(standing), [], 0
    reached: set[str] = set()
    secrets = (FAR_NAME, FAR_OFFICER, FAR_FILE, world.far.id_number, *standing.far.secrets)
    for address in ADDRESSES:
        if not address.writes or address.public:
            continue
        for url in address.urls(choices):
            if str(NOBODY) in url or "/nothing/" in url:
                continue
            own = choices.get(f"{address.name}:pk", [0, far["person"]])[1]
            for sent in bodies(address, url, offered, far | {"own": own}):
                asked += 1
                wrote: list[str] = []
                problems += [
                    f"{url} {sent}: {told}"
                    for told in problems_with(client, url, sent, secrets, standing, before, wrote)
                ]
                if wrote:
                    reached.add(address.name)
    assert asked > len(ADDRESSES) // 4
    assert not problems, "\n".join(problems)
    assert len(reached) >= _FEWEST_WRITING.get(role, 0), sorted(reached)


@pytest.fixture(scope="module")
def offered(standing: Standing) -> dict[str, list[Form]]:  # noqa: F811
    """The forms that pages offer, by the name of the address they go to."""
    account = open_account(
        username="who-looks-for-forms",
        password=PASSWORD,
        role=Role.PREFECTURE,
        area_code=PREFECTURE,
        display_name="找表单的人",
        acting=system_reader(),
        invented=True,
    )
    client = Client()
    client.force_login(account)
    return fields_offered(client, standing.choices)


def fields_offered(client: Client, choices: Choices) -> dict[str, list[Form]]:  # noqa: F811
    """Return the forms of all pages that a client may open."""
    found: dict[str, list[Form]] = {}
    for url, page in pages(client, choices):
        for form in forms_of(page, url):
            if form.method == "post":
                found.setdefault(resolve(form.path).view_name, []).append(form)
    return found


def bodies(
    address: Address, url: str, offered: dict[str, list[Form]], far: dict[str, int]
) -> Iterator[dict[str, Any]]:
    """Yield what is sent to an address: far numbers in every field that holds one, act by act.

    A field gets the number of the thing that its name means, of the thing that the address is
    about, and of the person; where many may be chosen, all of them.
    """
    names = dict.fromkeys(asked_by(url))
    usual: dict[str, Any] = {}
    acts: dict[str, None] = {}
    for form in offered.get(address.name, []):
        names |= dict.fromkeys(form.kinds)
        usual = {**form.values, **usual}
        for name in ("act", "action", "decision", "move", "to_state", "state", "choice"):
            for option in form.options.get(name, []):
                acts[f"{name}={option}"] = None
    body = {name: usual.get(name) or _guess(name) for name in names}
    numbers = [name for name, value in body.items() if _is_number(name, value)]
    for act in [*list(acts)[:_MOST_ACTS]] or [""]:
        name, _, option = act.partition("=")
        chosen = {**body, **({name: option} if name else {})}
        guesses = {one: _meant(one, far) for one in numbers}
        for turn in range(max(map(len, guesses.values()), default=1)):
            wrong = {one: str(each[turn % len(each)]) for one, each in guesses.items()}
            yield {**chosen, **wrong, "chosen": [*map(str, dict.fromkeys(far.values()))]}


def _meant(name: str, far: dict[str, int]) -> list[int]:
    """Return the far numbers that a field of this name may hold, each once."""
    named = [number for thing, number in far.items() if thing in name or name in thing]
    return list(dict.fromkeys([*named, far["own"], far["person"]]))


def asked_by(url: str) -> list[str]:
    """Return the names of fields that the code behind an address looks for."""
    view = inspect.unwrap(resolve(url).func)
    module = inspect.getmodule(view)
    names = _ASKED.findall(inspect.getsource(module)) if module else []
    for one in vars(module).values():
        if isinstance(one, type) and issubclass(one, forms.BaseForm):
            names += list(getattr(one, "base_fields", {}))
    return names


def _guess(name: str) -> str:
    if name in {"confirm", "agree", "approve", "yes"}:
        return "1"
    if name.endswith(("_on", "_from", "_to", "day", "first", "last", "on")):
        return TODAY.isoformat()
    return "核对"


def _is_number(name: str, value: Any) -> bool:
    return bool(_NUMBERS.fullmatch(name)) or (
        name not in {"months", "amount"} and str(value).isdigit()
    )


def problems_with(
    client: Client,
    url: str,
    sent: dict[str, Any],
    secrets: tuple[str, ...],
    standing: Standing,  # noqa: F811
    before: dict[str, list[Any]],
    wrote: list[str],
) -> Iterator[str]:
    """Send it, look at the answer and at the far rows, and take back what was written."""
    forget_remembered()

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if _WRITES.match(sql) and not _NOT_THEIRS.search(sql[:200]):
            wrote.append(sql[:120])
        return execute(sql, params, many, context)

    cookies = dict(client.cookies)
    with transaction.atomic():
        try:
            with connection.execute_wrapper(note):
                response = client.post(url, urlencode(sent, doseq=True), content_type=_TYPE)
            yield from _wrong_words(response, secrets, sent)
            if wrote and (after := far_rows(standing)) != before:
                changed = [name for name in before if before[name] != after.get(name)]
                yield f"changed {changed}"
        except Exception as problem:
            yield f"{type(problem).__name__}: {str(problem)[:200]}"
        transaction.set_rollback(True)
    client.cookies.clear()
    client.cookies.update(cookies)


def _wrong_words(
    response: HttpResponse, secrets: tuple[str, ...], sent: dict[str, Any]
) -> Iterator[str]:
    if response.status_code not in FINE:
        yield f"status {response.status_code}"
    shown = words(response)
    shut(response)
    for word in secrets:
        if word in shown:
            yield f"reads back {word}"


def far_rows(standing: Standing) -> dict[str, list[Any]]:  # noqa: F811
    """Return all that is stored of the far person and of the things made for him."""
    made: dict[type[models.Model], set[Any]] = {type(standing.far.person): {standing.far.person.pk}}
    for row in standing.far.rows:
        made.setdefault(type(row), set()).add(row.pk)
    found: dict[str, list[Any]] = {}
    for model in apps.get_models():
        name = model._meta.label
        if not model.__module__.startswith("yanglao.") or _NOT_THEIRS.search(name):
            continue
        wanted = models.Q(pk__in=made.get(model, ()))
        for column in model._meta.concrete_fields:
            if column.is_relation and column.related_model in made:
                wanted |= models.Q(**{f"{column.attname}__in": made[column.related_model]})
        rows = model._default_manager.filter(wanted).order_by("pk").values()
        if kept := [{**row} for row in rows]:
            found[name] = kept
    return found
