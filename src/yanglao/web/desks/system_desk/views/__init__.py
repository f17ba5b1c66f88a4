"""Screens of the system desk, one file per noun."""
