"""Version 1 of the API: lists in, answers out, people and results of one's own area.

Every operation takes a key (``doors``), says which scope it needs, and asks a flow with the reader
of that key. Errors are problem+json (``problems``). What is served and what docs/reference holds is
the same document; a test compares them.
"""
