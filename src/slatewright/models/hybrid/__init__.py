"""Hybrid: models that learn from what people did and from facts together."""
