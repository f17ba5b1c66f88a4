"""Thin wrappers that bind job names to flows, and the one timetable."""
