"""Webhooks over HTTP: the address is checked, resolved once, and no redirect is followed."""
