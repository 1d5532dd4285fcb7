"""Repeats: what is bought again, and when."""
