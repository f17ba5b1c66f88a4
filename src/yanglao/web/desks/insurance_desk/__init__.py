"""The desk of the long-term care insurance: grading, benefits, care, settlement, the fund."""
