"""The description of the API is a file in docs/reference: what is served may not drift from it."""

import json
from pathlib import Path

from django.test import Client

from yanglao.api.v1.api import api
from yanglao.api.v1.problems import KINDS

HOW = "Write it again: .venv/bin/python tools/api_document.py"


def test_the_kept_document_is_the_served_one(client: Client, repository: Path) -> None:
    served = json.loads(client.get("/api/v1/openapi.json").content)
    kept = json.loads((repository / "docs/reference/openapi.json").read_text(encoding="utf-8"))
    assert kept == served, HOW


def test_it_is_openapi_3_1_and_describes_every_error() -> None:
    document = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/")))
    assert document["openapi"] == "3.1.0"
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            for status in ("400", "401", "403", "404", "422", "429", "500"):
                content = told["responses"][status]["content"]
                assert list(content) == ["application/problem+json"], (path, method, status)


def test_every_error_is_explained(repository: Path) -> None:
    text = (repository / "docs/reference/api-errors.md").read_text(encoding="utf-8")
    for code, (status, title) in KINDS.items():
        assert f"`{code}`" in text and str(status) in text and title in text, code
