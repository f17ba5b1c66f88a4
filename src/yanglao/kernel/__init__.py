"""Value types everybody shares: ID numbers, names, dates, divisions, money, periods.

The lowest floor: standard library only, nothing of ours. Every reader here takes whatever a
spreadsheet cell may hold (text, int, float, date, None) and either gives a clean value, says in
Chinese what is wrong (``ValueError``), or returns a reading that names the issue. Nothing here asks
the clock: days come from the caller.
"""
