"""The contract with other systems, one package a version."""
