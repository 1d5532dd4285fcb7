"""Lifecycle: from the log to a promoted bundle."""
