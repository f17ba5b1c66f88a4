"""Rights of the person over his data: consents, requests, legal holds."""
