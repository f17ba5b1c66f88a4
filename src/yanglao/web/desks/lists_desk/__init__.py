"""Lists in: upload, preview, verdicts."""
