"""People: search and file."""
