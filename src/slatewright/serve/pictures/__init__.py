"""Pictures for items that have none: drawn from the title, the same every time."""
