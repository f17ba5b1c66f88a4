"""Reads of settlement: every function takes the Reader first and stays within its area."""
