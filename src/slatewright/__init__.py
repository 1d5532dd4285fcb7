"""Slatewright turns a shop's events into slates."""

__version__ = "0.1.0"
