"""Funnels: what becomes of what somebody began."""
