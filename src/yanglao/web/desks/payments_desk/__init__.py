"""Payments desk: whoever prepares, checks, approves and sends the money of a month sits here."""
