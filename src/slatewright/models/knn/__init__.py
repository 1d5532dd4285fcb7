"""Nearest neighbours: items that the same users took, users who took the same items."""
