"""Events: what happened, append-only. Records, their columns, the log and the journal."""
