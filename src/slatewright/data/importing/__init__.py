"""The steps of an import, from raw batches to rows of the log."""
