"""Cleaning: each step switchable, each reported with its counts."""

from slatewright.data.cleaning.cleaner import clean
from slatewright.data.cleaning.knobs import Cleaned, Cleaning, StepCount, sum_steps
from slatewright.data.cleaning.labels import apply_merges, label_counts, label_merges, main_labels

__all__ = [
    "Cleaned",
    "Cleaning",
    "StepCount",
    "apply_merges",
    "clean",
    "label_counts",
    "label_merges",
    "main_labels",
    "sum_steps",
]
