"""Writes of accounts, one file per subject: opening and closing, passwords, codes, sessions, links."""

from yanglao.domain.accounts.actions.approving import approve_account
from yanglao.domain.accounts.actions.opening import close_account, open_account, reopen_account

__all__ = ["approve_account", "close_account", "open_account", "reopen_account"]
