"""Diagnosis: where a recommender fails, whom it fails, and which knob to turn."""
