"""Teaching: the log is replayed as questions, and what people then did are the answers a score learns from."""
