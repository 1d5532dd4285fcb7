"""Segments: groups of users or items that are alike, what sets each group apart, and what it takes."""
