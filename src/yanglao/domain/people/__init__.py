"""People: one file per elder, and every fact with its source and dates."""
