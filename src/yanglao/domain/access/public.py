"""Access: looking at people outside one's area, and at what is masked.

A grant lets one officer open the files of some people (or all people) of another area: for a
purpose, some kinds of data, from day to day. The owning area decides, never the asker; it ends by
itself or is taken back. :func:`with_grants` puts those in force into the reader, and
``foundation.scoping`` does the rest.

ID numbers, telephones, addresses and diagnoses are masked for everybody. :func:`open_fields` opens
them for one account, person and purpose, for some minutes; each opening is on record.
"""

from yanglao.domain.access.actions import (
    LONGEST_DAYS,
    OPEN_FOR,
    ask_grant,
    decide_grant,
    open_fields,
    revoke_grant,
)
from yanglao.domain.access.models import Grant, Opening
from yanglao.domain.access.queries import (
    get_grant,
    grants_about,
    grants_seen,
    opened_fields,
    people_of_grant,
    waiting_grants,
    with_grants,
)
from yanglao.domain.access.types import DataKind, GrantState, MaskedField, Purpose

__all__ = [
    "LONGEST_DAYS",
    "OPEN_FOR",
    "DataKind",
    "Grant",
    "GrantState",
    "MaskedField",
    "Opening",
    "Purpose",
    "ask_grant",
    "decide_grant",
    "get_grant",
    "grants_about",
    "grants_seen",
    "open_fields",
    "opened_fields",
    "people_of_grant",
    "revoke_grant",
    "waiting_grants",
    "with_grants",
]
