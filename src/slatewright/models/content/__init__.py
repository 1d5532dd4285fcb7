"""Content: what items and people are like, from their facts."""
