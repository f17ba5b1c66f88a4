"""Writes: verb_noun, keyword-only, one transaction, ``acting`` and a reason as arguments."""
