"""Features: what is counted, written once for training and serving."""
