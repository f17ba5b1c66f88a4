"""Drafting desk: officers who revise the list write drafts, see what they would cost, decide."""
