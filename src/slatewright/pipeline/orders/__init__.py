"""Orders arrange the survivors. One order, one file."""

from slatewright.pipeline.orders.mmr import MMR
from slatewright.pipeline.orders.top_k import TopK

__all__ = ["MMR", "TopK"]
