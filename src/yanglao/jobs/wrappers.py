"""Job names and what they run."""
