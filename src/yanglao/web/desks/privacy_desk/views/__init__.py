"""Screens of the privacy desk, one file per noun."""
