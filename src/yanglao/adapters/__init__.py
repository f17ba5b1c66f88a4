"""Outside systems, one folder each; plugged in by ``yanglao.config.wiring`` only."""
