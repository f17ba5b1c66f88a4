"""Leads: from found to delivered, with an officer and a due date."""
