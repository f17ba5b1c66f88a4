"""Clients: other systems that ask this one, or are told by it."""
