"""Screens of the leads desk, one file per noun."""
