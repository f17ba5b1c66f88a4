"""Screens of the entrance, one file per noun."""
