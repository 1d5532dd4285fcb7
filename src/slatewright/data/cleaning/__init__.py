"""Cleaning: each step reported with counts, each switchable."""

from slatewright.data.cleaning.cleaner import clean
from slatewright.data.cleaning.knobs import Cleaned, Cleaning, StepCount
from slatewright.data.cleaning.labels import apply_merges, label_counts, label_merges

__all__ = ["Cleaned", "Cleaning", "StepCount", "apply_merges", "clean", "label_counts", "label_merges"]
