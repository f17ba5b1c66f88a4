"""The word that lets the scripts of one answer run, and no other (Content-Security-Policy nonce).

A context variable and not the request: error pages are drawn without one.
"""

import secrets
from contextvars import ContextVar

_present: ContextVar[str] = ContextVar("yanglao_nonce", default="")


def new_nonce() -> str:
    """Make the word of a new answer."""
    word = secrets.token_urlsafe(16)
    _present.set(word)
    return word


def nonce() -> str:
    """Template tag ``{% nonce %}``: the word, for ``<script nonce="{% nonce %}">``."""
    return _present.get()
