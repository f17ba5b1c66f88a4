"""Writing leads: what officers do with them (``work``), and what the match does (``follow``)."""
