"""Entitlements: who gets what, why, and what changed since the last run."""
