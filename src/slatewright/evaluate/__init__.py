"""Evaluate: offline truth, with an interval on every number."""
