"""Screens of the public desk, one file per noun."""
