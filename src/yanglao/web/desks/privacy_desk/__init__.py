"""What people ask about their data, and access outside one’s area."""
