"""Other systems: their keys, and what is sent to them."""
