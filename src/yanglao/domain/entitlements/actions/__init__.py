"""Writing runs: what a pass found, what differs from what stands, why, and the rows of it."""
