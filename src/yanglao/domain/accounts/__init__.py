"""Accounts: who signs in, in which role, for which area."""
