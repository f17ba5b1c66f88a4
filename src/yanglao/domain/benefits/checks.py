"""Integrity rules, each with a code and its legal sentence; all findings, not the first."""
