"""Models of pairs: a user's row and an item's row in, a score out."""
