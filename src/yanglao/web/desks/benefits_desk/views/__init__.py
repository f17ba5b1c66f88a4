"""Screens of the benefits desk, one file per noun."""
