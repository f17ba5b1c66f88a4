"""Screens of the payments desk, one file per noun."""
