"""Hiding small counts in tables that are published, so that they cannot be got back."""
