"""Payments: what is due to whom for which month, without paying twice, and the books of it.

Pure: facts come as intervals or Arrow tables, terms and relations as the pack's text, the month as
an argument. ``entitlement`` says it for one person with the reason; ``tables`` and ``paying`` for
everybody in a few queries; ``ledger`` keeps the books; ``bankfile`` writes and reads what goes to
and comes from the bank; ``whatif`` says what a change would cost.
"""
