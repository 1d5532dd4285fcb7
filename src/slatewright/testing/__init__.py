"""Conformance kits. May import anything; nothing imports it."""
