"""Writes docs/reference/openapi.json, the description of the API; a test asks that it is right.

Run: ``.venv/bin/python tools/api_document.py``
"""

import json
import os
import tempfile
from pathlib import Path

TARGET = Path(__file__).resolve().parents[1] / "docs" / "reference" / "openapi.json"


def main() -> None:
    """Write the document as it is served."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yanglao.config.settings")
    with tempfile.TemporaryDirectory() as home:
        os.environ.setdefault("YANGLAO_HOME", home)
        import django

        django.setup()
        from yanglao.api.v1.api import api

        document = api.get_openapi_schema(path_prefix="/api/v1/")
    text = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True)
    TARGET.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
