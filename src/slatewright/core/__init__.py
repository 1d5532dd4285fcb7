"""Core: errors, array types, randomness, knobs, optional imports. Imports nothing of ours."""
