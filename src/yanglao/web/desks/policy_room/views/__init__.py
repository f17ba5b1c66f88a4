"""Screens of the policy room, one file per noun."""
