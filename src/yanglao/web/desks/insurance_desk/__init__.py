"""Insurance desk: who sits here, and what they come for."""
