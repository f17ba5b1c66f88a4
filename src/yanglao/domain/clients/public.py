"""Clients: other systems that ask this one by its API, or are told by it through a hook.

A key belongs to one system. It has an area, scopes (what it may do), purposes (what for), a quota,
and a day on which it ends; only a digest of its secret is kept. :func:`reader_of_key` turns it into
the ``Reader`` that every query takes. A hook is an address that is told of events in its area, by
signed bodies that name things by their ids and nobody by his name.
"""

from yanglao.domain.clients.actions import (
    count_use,
    end_delivery,
    forget_answers_before,
    issue_key,
    keep_outcome,
    let_go_answer,
    make_hook,
    pass_on,
    revoke_key,
    send_again,
    start_answer,
    switch_hook,
)
from yanglao.domain.clients.models import ApiKey, Delivery, Hook
from yanglao.domain.clients.queries import (
    deliveries,
    due_deliveries,
    get_delivery,
    get_hook,
    get_key,
    hooks,
    hooks_for,
    key_shown,
    keys,
    reader_of_key,
    secret_of,
    waits_for_delivery,
)
from yanglao.domain.clients.types import (
    DeliveryState,
    EventKind,
    Kept,
    NewKey,
    Purpose,
    Scope,
    Signing,
    Used,
)

__all__ = [
    "ApiKey",
    "Delivery",
    "DeliveryState",
    "EventKind",
    "Hook",
    "Kept",
    "NewKey",
    "Purpose",
    "Scope",
    "Signing",
    "Used",
    "count_use",
    "deliveries",
    "due_deliveries",
    "end_delivery",
    "forget_answers_before",
    "get_delivery",
    "get_hook",
    "get_key",
    "hooks",
    "hooks_for",
    "issue_key",
    "keep_outcome",
    "key_shown",
    "keys",
    "let_go_answer",
    "make_hook",
    "pass_on",
    "reader_of_key",
    "revoke_key",
    "secret_of",
    "send_again",
    "start_answer",
    "switch_hook",
    "waits_for_delivery",
]
