"""One file per business process that crosses apps or calls an engine."""
