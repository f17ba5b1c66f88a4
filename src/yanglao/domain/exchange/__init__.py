"""Exchange: lists that departments hand over, row by row accepted or returned."""
