"""What every test stands on: wrong code fails loudly, and nobody talks to the outside.

Fixtures for screens and scoping: ``reader_for``, ``account_for``, ``client_as``. Counting queries:
``same_number_of_queries``. The browser's path: ``chromium``. Everything that only makes wrong code
fail is in ``tests/loud.py``.

The database is chosen by ``DATABASE_URL`` as in production; ``make test`` runs both.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests import loud
from tests.prepared import Prepared

if TYPE_CHECKING:
    from django.test import Client

    from yanglao.domain.accounts.public import Account
    from yanglao.foundation.scoping import Reader

#: Read by pytest-django: a template variable that does not exist fails the test.
os.environ["FAIL_INVALID_TEMPLATE_VARS"] = "true"
#: Playwright's loop must not make Django refuse the database in a browser test.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

#: Password of every account that a test opens.
PASSWORD = "only-for-tests-2026"


def pytest_configure(config: pytest.Config) -> None:
    """Let test files of different rooms have the same name."""
    config.option.importmode = "importlib"


def pytest_report_header() -> list[str]:
    """Say which database this run stands on, and whether Spark is tested."""
    from yanglao.engines.policy.spark_session import why_no_spark

    url = os.environ.get("DATABASE_URL", "")
    return [
        f"yanglao database: {'PostgreSQL' if url.startswith('postgres') else 'SQLite'}",
        f"yanglao Spark: {why_no_spark() or 'tested, on this machine (local[2])'}",
    ]


@pytest.fixture(autouse=True, scope="session")
def _state_of_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep files that a test makes out of the developer's ``var/``."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("YANGLAO_HOME", str(tmp_path_factory.mktemp("home")))
        # Keys of the tests: the same in every process, good for nothing else.
        patch.setenv("YANGLAO_KEYRING", f"index hmac-sm3 {'5a' * 32}\n1 sm4 {'a5' * 16}\n")
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Give each run, and each of its workers, a SQLite file of its own.

    Two runs in one checkout shared a file once: one removed it under the other ("disk I/O error").
    """
    from django.db import connection

    if connection.vendor == "sqlite":
        file = tmp_path_factory.mktemp("database") / "test.sqlite3"
        connection.settings_dict["TEST"]["NAME"] = str(file)


@pytest.fixture(scope="session")
def _prepared(
    request: pytest.FixtureRequest,
    django_db_modify_db_settings: None,
    django_db_use_migrations: bool,
    django_db_createdb: bool,
    django_db_blocker: Any,
) -> Iterator[tuple[Prepared | None, bool]]:
    """Return the copy that the test database begins with, and whether it was there.

    Until the session's database stands, nobody else looks: who comes second finds a copy.
    """
    from django.db import connection

    if not django_db_use_migrations:
        yield None, False
        return
    copy = Prepared(connection)
    with ExitStack() as stack:
        stack.enter_context(copy.alone())
        with django_db_blocker.unblock():
            there = not django_db_createdb and copy.begin()
        request.node.stash[_ALONE] = stack.pop_all()
    yield copy, there


_ALONE = pytest.StashKey[ExitStack]()


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb: bool, _prepared: tuple[Prepared | None, bool]) -> bool:
    """Let Django take the copied file for its own; a database of PostgreSQL is made from a copy."""
    from django.db import connection

    return django_db_keepdb or (_prepared[1] and connection.vendor == "sqlite")


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    _prepared: tuple[Prepared | None, bool],
    django_db_setup: None,
    django_db_blocker: Any,
) -> Iterator[None]:
    """Keep a copy of the new database for the next who needs one."""
    from django.db import connection

    copy, there = _prepared
    if copy is not None:
        with request.node.stash[_ALONE], django_db_blocker.unblock():
            if not there:
                copy.keep()
    yield
    if there and connection.vendor == "sqlite":
        Path(str(connection.settings_dict["NAME"])).unlink()


@pytest.fixture(autouse=True, scope="session")
def _loud_failures() -> Iterator[None]:
    """Turn on everything of ``tests/loud.py``."""
    with pytest.MonkeyPatch.context() as patch:
        loud.refuse_outside(patch)
        loud.refuse_moments_as_days(patch)
        loud.refuse_null_in_texts(patch)
        loud.shuffle_unordered_queries(patch)
        loud.refuse_writes_in_reading_screens(patch)
        loud.hash_passwords_fast(patch)
        loud.let_many_requests_through(patch)
        loud.let_tests_empty_the_record(patch)
        yield


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    """Let no figure of one test be seen in the next."""
    yield
    from yanglao.foundation.remembered import forget_remembered

    forget_remembered()


@pytest.fixture
def reader_for() -> Callable[..., "Reader"]:
    """Return ``reader_for(role, area, department="")``: a reader without an account.

    For queries and actions; ``user_id`` is ``None``.
    """
    from yanglao.domain.accounts.public import DEPARTMENTS, ROLE_PERMISSIONS, Role
    from yanglao.foundation.scoping import Reader

    def make(role: str, area: str, department: str = "") -> "Reader":
        kinds = DEPARTMENTS[department].kinds if department else frozenset()
        return Reader(
            user_id=None,
            name=f"测试 {role}",
            role=role,
            area=area,
            department=department,
            permissions=frozenset(str(p) for p in ROLE_PERMISSIONS[Role(role)]),
            kinds=kinds,
        )

    return make


@pytest.fixture
def account_for(db: None) -> Callable[..., "Account"]:
    """Return ``account_for(role, area, department="")``: opens an account and returns it.

    Its password is :data:`PASSWORD`. A clerk without a department belongs to 民政.
    """
    from yanglao.domain.accounts.public import Role, open_account
    from yanglao.foundation.scoping import system_reader

    numbers = count(1)

    def make(role: str, area: str, department: str = "") -> "Account":
        if role == Role.CLERK and not department:
            department = "civil"
        return open_account(
            username=f"{role}-{area}-{next(numbers)}",
            password=PASSWORD,
            role=Role(role),
            area_code=area,
            display_name=f"测试 {role}",
            acting=system_reader(),
            department=department,
            invented=True,
        )

    return make


@pytest.fixture
def client_as(account_for: Callable[..., "Account"]) -> Callable[..., "Client"]:
    """Return ``client_as(role, area, department="")``: a client signed in as a new account."""
    from django.test import Client

    def make(role: str, area: str, department: str = "") -> "Client":
        client = Client()
        client.force_login(account_for(role, area, department))
        return client

    return make


@pytest.fixture
def same_number_of_queries(db: None) -> Callable[[Callable[[], Any], Callable[[], Any]], int]:
    """Return ``check(few, many)``: both calls must run the same number of queries.

    ``few`` asks for a page with little on it and ``many`` for one with a lot (each prepares its
    own data before the call). Returns the number. This is how a page shows that its queries do
    not grow with its rows.
    """
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from yanglao.foundation.remembered import forget_remembered

    def counted(call: Callable[[], Any]) -> list[str]:
        forget_remembered()
        with CaptureQueriesContext(connection) as queries:
            call()
        return [query["sql"] for query in queries.captured_queries]

    def check(few: Callable[[], Any], many: Callable[[], Any]) -> int:
        before, after = counted(few), counted(many)
        assert len(before) == len(after), (
            f"{len(before)} queries with few rows, {len(after)} with many. The last ones:\n"
            + "\n".join(after[-8:])
        )
        return len(after)

    return check


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of the browser that walks through the program (Debian's Chromium)."""
    asked = os.environ.get("YANGLAO_CHROMIUM")
    names = [asked] if asked else ["chromium", "chromium-browser", "google-chrome"]
    for name in names:
        found = shutil.which(name)
        if found:
            return found
    pytest.fail("No Chromium for the browser walk. Bring it with: apt-get install chromium")


@pytest.fixture(scope="session")
def repository() -> Path:
    """Return the root of the checkout."""
    return Path(__file__).resolve().parents[1]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On a second database, repeat only what asks a database anything.

    ``YANGLAO_TESTS=database`` is set by ``make test`` for its second pass: tests of the kernel,
    of the engines and of texts cannot tell one database from another.
    """
    if os.environ.get("YANGLAO_TESTS") != "database":
        return
    kept, left = [], []
    for item in items:
        names = set(getattr(item, "fixturenames", ()))
        asks = item.get_closest_marker("django_db") or names & {"db", "transactional_db"}
        (kept if asks else left).append(item)
    config.hook.pytest_deselected(items=left)
    items[:] = kept
