"""Screens of the match desk, one file per noun."""
