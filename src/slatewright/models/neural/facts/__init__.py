"""Networks over facts: wide and deep, deep and cross, two towers, and vectors for items that nobody took."""
