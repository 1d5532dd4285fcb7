"""Data: from raw files to a data set; reading, cleaning, id maps, splits."""
