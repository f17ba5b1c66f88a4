"""Schemathesis asks every operation what its description allows, and what it does not.

No answer may be a 500, and none may be undocumented in status, content type or shape. The suite
asks a few questions an operation; ``YANGLAO_SCHEMATHESIS=500`` asks longer.
"""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    missing_required_header,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from tests.api.conftest import Caller
from tests.web.desks.factories import World
from yanglao.api.v1.api import api

pytestmark = pytest.mark.django_db
EXAMPLES = int(os.environ.get("YANGLAO_SCHEMATHESIS", "8"))
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    unsupported_method,
    ignored_auth,
    missing_required_header,
)


@pytest.fixture(autouse=True)
def _keep_the_connection() -> Iterator[None]:
    """Let a request not close the connection of the test, as Django's own test client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


OPERATIONS = [
    (path, method)
    for path, methods in api.get_openapi_schema(path_prefix="/api/v1/")["paths"].items()
    for method in methods
]


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_no_500_and_nothing_undocumented(
    path: str, method: str, mode: GenerationMode, caller: Callable[..., Caller], world: World
) -> None:
    one = caller(per_minute=10**9, per_day=10**9)
    headers = {"Authorization": f"Bearer {one.secret}"}
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    operation = schema[path][method]

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        with transaction.atomic():
            case.call_and_validate(headers=headers, checks=list(CHECKS))

    try:
        ask()
    except Unsatisfiable:
        pytest.skip("nothing can be said wrongly here")
