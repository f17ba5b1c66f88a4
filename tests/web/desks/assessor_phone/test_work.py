"""What the phone is given: the page without data, the work of one assessor and nobody else's."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from tests.web.desks.assessor_phone.visits import Visits, make_visits, more_visits
from yanglao.foundation.models import AuditEntry
from yanglao.web.desks.assessor_phone.words import WORDS

HOME = "/assessor-phone/"


def client_of(visits: Visits, which: str = "nurse") -> Client:
    client = Client()
    client.force_login(getattr(visits, which))
    return client


def work_of(client: Client, query: str = "") -> dict[str, object]:
    answer = client.get(f"{HOME}work.json{query}")
    assert answer.status_code == 200, answer.content[:500]
    told: dict[str, object] = answer.json()
    return told


@pytest.mark.parametrize("role", ["county", "clerk", "village"])
@pytest.mark.parametrize("name", ["", "work.json", "sw.js", "app.webmanifest"])
def test_other_roles_get_the_403_page(
    client_as: Callable[..., Client], role: str, name: str
) -> None:
    assert client_as(role, "653222000000").get(f"{HOME}{name}").status_code == 403


def test_the_page_carries_no_data_and_no_inline_script(visits: Visits) -> None:
    answer = client_of(visits).get(HOME)
    text = answer.content.decode()
    for person in visits.people:
        assert person.name not in text
    assert visits.nurse.username not in text
    assert visits.nurse.display_name not in text
    policy = answer["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert "geolocation=(self)" in answer["Permissions-Policy"]
    assert client_of(visits, "worker").get(HOME).content == answer.content


def test_the_worker_names_every_file_of_the_page(visits: Visits) -> None:
    client = client_of(visits)
    page = client.get(HOME).content.decode()
    code = client.get(f"{HOME}sw.js").content.decode()
    shell = json.loads(code.split("\n", 1)[0].removeprefix("const SHELL = ").removesuffix(";"))
    assert shell["home"] == HOME
    for file in shell["files"]:
        assert file in page, file
    for named in ("assessor.js", "assessor-look.css", "app.css"):
        assert any(named in file and "?v=" in file for file in shell["files"]), named


def test_work_has_ones_own_sheets_and_no_number_telephone_or_address(visits: Visits) -> None:
    told = work_of(client_of(visits))
    assert {one["id"] for one in told["sheets"]} == set(visits.sheets)  # type: ignore[index, attr-defined]
    text = json.dumps(told, ensure_ascii=False)
    for person in visits.people:
        assert person.name in text
        assert str(person.id_number) not in text
        assert str(person.id_number)[6:14] not in text
    assert "1399031" not in text


def test_another_pair_sees_nothing_of_it(
    visits: Visits, account_for: Callable[..., object]
) -> None:
    client = Client()
    client.force_login(account_for("assessor", "653222000000"))  # type: ignore[arg-type]
    assert work_of(client)["sheets"] == []


def test_seen_work_is_not_sent_again_and_not_recorded_again(visits: Visits) -> None:
    client = client_of(visits)
    told = work_of(client)
    taken = AuditEntry.objects.filter(action="assessor_work_taken")
    assert taken.count() == 1
    again = work_of(client, f"?seen={told['digest']}")
    assert again["unchanged"] is True
    assert "sheets" not in again
    assert taken.count() == 1
    assert (again["account"], again["seal"]) == (told["account"], told["seal"])


def test_each_account_has_a_secret_of_its_own(visits: Visits) -> None:
    seals = {str(work_of(client_of(visits, which))["seal"]) for which in ("nurse", "worker")}
    assert len(seals) == 2
    assert all(len(seal) == 44 for seal in seals)


def test_the_number_of_queries_does_not_grow(
    places: None, same_number_of_queries: Callable[..., int]
) -> None:
    visits = make_visits(1)
    client = client_of(visits)

    def ask() -> None:
        assert work_of(client)["sheets"]

    ask()
    few = same_number_of_queries(ask, ask)
    more_visits(visits, 9)
    assert same_number_of_queries(ask, ask) == few


def test_every_word_of_the_scripts_is_there_and_none_stands_in_them(repository: Path) -> None:
    """A key that is missing would be shown as it is; a word in a script could not be translated."""
    used: set[str] = set()
    whole = ""
    for file in sorted((repository / "frontend/js/assessor").rglob("*.js")):
        text = file.read_text(encoding="utf-8")
        whole += text
        used |= set(re.findall(r'\bw\(\s*"([a-z_]+)"', text))
        code = re.sub(r"//.*|/\*.*?\*/", "", text, flags=re.DOTALL)
        assert not re.search(r"[\u4e00-\u9fff]", code), file.name
    assert len(used) > 100
    assert used - set(WORDS) == set()
    for family in ("refused_", "signer_", "sync_", "state_", "step_"):
        used |= {key for key in WORDS if key.startswith(family)}
    quoted = {key for key in WORDS if f'"{key}"' in whole or f".{key}" in whole}
    assert set(WORDS) - used - quoted == set(), "words that nothing shows"
