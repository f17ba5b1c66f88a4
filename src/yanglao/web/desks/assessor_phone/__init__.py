"""Assessor phone: who sits here, and what they come for."""
