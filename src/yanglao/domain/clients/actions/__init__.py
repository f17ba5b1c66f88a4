"""Writes: making and ending keys and hooks, counting requests, deliveries."""

from yanglao.domain.clients.actions.hooks import (
    end_delivery,
    make_hook,
    pass_on,
    send_again,
    switch_hook,
)
from yanglao.domain.clients.actions.keys import (
    count_use,
    forget_answers_before,
    issue_key,
    keep_outcome,
    let_go_answer,
    revoke_key,
    start_answer,
)

__all__ = [
    "count_use",
    "end_delivery",
    "forget_answers_before",
    "issue_key",
    "keep_outcome",
    "let_go_answer",
    "make_hook",
    "pass_on",
    "revoke_key",
    "send_again",
    "start_answer",
    "switch_hook",
]
