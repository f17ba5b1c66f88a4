"""Writes of accounts: opening and closing, approving, passwords, codes, sessions, links, rules."""

from yanglao.domain.accounts.actions.approving import approve_account
from yanglao.domain.accounts.actions.attempts import (
    Tried,
    code_failed,
    code_right,
    reserve_code,
    sweep_attempts,
    try_password,
)
from yanglao.domain.accounts.actions.links import make_link, use_link
from yanglao.domain.accounts.actions.opening import close_account, open_account, reopen_account
from yanglao.domain.accounts.actions.own_person import name_own_person
from yanglao.domain.accounts.actions.passwords import change_password
from yanglao.domain.accounts.actions.rules import change_sign_in_rules
from yanglao.domain.accounts.actions.second_factor import (
    confirm_second_factor,
    draft_second_factor,
    renew_backup_codes,
    take_code,
    take_off_second_factor,
)
from yanglao.domain.accounts.actions.sessions import (
    end_other_sessions,
    end_session,
    note_seen,
    note_sign_in,
    sweep_sessions,
)

__all__ = [
    "Tried",
    "approve_account",
    "change_password",
    "change_sign_in_rules",
    "close_account",
    "code_failed",
    "code_right",
    "confirm_second_factor",
    "draft_second_factor",
    "end_other_sessions",
    "end_session",
    "make_link",
    "name_own_person",
    "note_seen",
    "note_sign_in",
    "open_account",
    "renew_backup_codes",
    "reopen_account",
    "reserve_code",
    "sweep_attempts",
    "sweep_sessions",
    "take_code",
    "take_off_second_factor",
    "try_password",
    "use_link",
]
