"""Serve: requests in, slates out, events back."""
