"""Batching: the slates of all users, written to files or a database."""

from slatewright.serve.batching.batch import Batched, Wish, batch

__all__ = ["Batched", "Wish", "batch"]
