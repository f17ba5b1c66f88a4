"""Leads: from found to delivered."""
