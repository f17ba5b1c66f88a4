"""Ltci."""
