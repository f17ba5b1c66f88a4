"""``yanglao bench``: an invented prefecture of any size, and what this machine does with it."""
