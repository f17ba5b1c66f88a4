"""Screens of the lists desk, one file per noun."""
