"""Choices, and the table of states and allowed moves."""
