"""Long-term care insurance: grading, benefits, services and the fund."""
