"""Screens of the workbench, one file per noun."""
