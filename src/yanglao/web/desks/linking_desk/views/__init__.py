"""Screens of the linking desk, one file a noun."""
