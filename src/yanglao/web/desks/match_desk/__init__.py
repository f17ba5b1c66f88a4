"""Runs of the match and what they changed."""
