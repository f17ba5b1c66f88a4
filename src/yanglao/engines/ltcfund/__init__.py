"""The long-term care fund: its dated parameters, a month's settlement, the outlook. Pure.

``terms`` reads ``policies/<pack>/ltci.yaml``; ``settling`` says what a month's service records are
worth and why less than claimed; ``outlook`` how long the reserve lasts. Money is whole fen.
"""
