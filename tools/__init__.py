"""Tools of the house: set-up, contracts, scaffold. Never imported by the product."""
