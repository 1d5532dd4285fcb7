"""Simulate: shops whose right answers are known."""
