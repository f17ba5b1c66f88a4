"""Screens of the watch, one file per noun."""
