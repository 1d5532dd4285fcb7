"""Explain: reasons, in words a shop keeper understands."""
