"""Feeding: a data set as batches for people who bring their own model, in NumPy, PyTorch or TensorFlow."""

from slatewright.data.feeding.feed import Feed

__all__ = ["Feed"]
