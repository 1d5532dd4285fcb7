"""Blends: several models answer together."""
