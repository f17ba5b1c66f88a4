"""Catalogue: published versions of the policy packs."""
