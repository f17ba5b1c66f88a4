"""Screens of the registry desk, one file per noun."""
