"""Orders arrange the survivors. One order, one file."""

from slatewright.pipeline.orders.dpp import DPP
from slatewright.pipeline.orders.mmr import MMR
from slatewright.pipeline.orders.novelty import Novelty
from slatewright.pipeline.orders.serendipity import Serendipity
from slatewright.pipeline.orders.top_k import TopK
from slatewright.pipeline.orders.weighed import Weighed

__all__ = ["DPP", "MMR", "Novelty", "Serendipity", "TopK", "Weighed"]
