"""Log lines without anybody's numbers: an error quotes what it stumbled over."""

import logging
import re

from yanglao.kernel.hiding import hide_numbers

#: PostgreSQL repeats the whole row beside an error; every value of it may be a secret.
_DETAIL = re.compile(r"^(DETAIL|CONTEXT|LINE \d+):.*$", re.MULTILINE)


def without_secrets(text: str) -> str:
    """Return a text for logs and for the record of failed jobs: no numbers, no quoted rows."""
    return hide_numbers(_DETAIL.sub(r"\1: …", text))


class HidingFormatter(logging.Formatter):
    """Formats a line, tracebacks included, and takes out what could be somebody's number."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line as it may be written down."""
        return without_secrets(super().format(record))
