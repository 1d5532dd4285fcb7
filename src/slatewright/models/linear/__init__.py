"""Linear item models: a history's items speak for others, by numbers that regression finds."""
