"""The API for other systems: one package a version."""
