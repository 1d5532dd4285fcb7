"""Models of the order of events: sequences in packed rows, and the networks that read them."""
