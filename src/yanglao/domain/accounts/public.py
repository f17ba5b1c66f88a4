"""Accounts: who signs in, in which role, for which area.

An account has one role and one area. :func:`reader_of` turns it into the ``Reader`` that every
query takes; permissions come from one table, :data:`ROLE_PERMISSIONS`.
"""

from yanglao.domain.accounts.actions import (
    approve_account,
    close_account,
    open_account,
    reopen_account,
)
from yanglao.domain.accounts.models import Account
from yanglao.domain.accounts.queries import (
    accounts_in_area,
    officers_for,
    officers_of_area,
    reader_of,
    reader_of_id,
)
from yanglao.domain.accounts.types import (
    ADMINISTRATORS,
    DEPARTMENTS,
    OFFICER_RANKS,
    ROLE_LABELS,
    ROLE_PERMISSIONS,
    Department,
    Permission,
    Role,
    manages,
)

__all__ = [
    "ADMINISTRATORS",
    "DEPARTMENTS",
    "OFFICER_RANKS",
    "ROLE_LABELS",
    "ROLE_PERMISSIONS",
    "Account",
    "Department",
    "Permission",
    "Role",
    "accounts_in_area",
    "approve_account",
    "close_account",
    "manages",
    "officers_for",
    "officers_of_area",
    "open_account",
    "reader_of",
    "reader_of_id",
    "reopen_account",
]
