"""Who is who: rows that wait, double files, conflicts, and how good each list is."""
