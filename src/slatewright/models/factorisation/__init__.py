"""Matrix factorisation of what users did: people and things as short vectors."""
