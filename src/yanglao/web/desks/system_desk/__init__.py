"""Accounts, places, jobs, audit."""
