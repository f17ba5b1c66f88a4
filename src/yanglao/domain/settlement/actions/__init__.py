"""Writes of settlement: runs, findings, files, returns, claims; each books what it does."""
