"""Models of explicit ratings: what a user would say of an item, not only whether it belongs on the list."""
