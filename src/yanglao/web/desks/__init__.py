"""Screens, grouped by the person who sits there."""
