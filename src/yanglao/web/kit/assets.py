"""Addresses of the built front-end files, versioned so that browsers fetch new ones at once."""

from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static

#: Where ``npm run build`` writes.
DIST = Path(__file__).parent / "static" / "kit" / "dist"


def asset(name: str) -> str:
    """Return the address of a built file: ``/static/kit/dist/app.css?v=1a2b3c4d``."""
    version = _version_of(name) if settings.DEBUG else _kept_version_of(name)
    return f"{static(f'kit/dist/{name}')}{version}"


def _version_of(name: str) -> str:
    try:
        # A template's SafeString is no plain str, which pathlib refuses; formatting makes it one.
        content = Path(f"{DIST}/{name}").read_bytes()
    except FileNotFoundError:
        return ""
    return f"?v={sha256(content).hexdigest()[:8]}"


_kept_version_of = lru_cache(maxsize=32)(_version_of)
