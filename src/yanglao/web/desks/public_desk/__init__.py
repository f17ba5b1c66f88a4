"""我能享受什么: open to everybody, keeps nothing."""
