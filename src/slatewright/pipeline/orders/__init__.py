"""Orders arrange the survivors. One order, one file."""

from slatewright.pipeline.orders.calibrated import Calibrated
from slatewright.pipeline.orders.constraints import Constraints
from slatewright.pipeline.orders.dpp import DPP
from slatewright.pipeline.orders.limits import AtLeast, AtMost, Exactly
from slatewright.pipeline.orders.mmr import MMR
from slatewright.pipeline.orders.novelty import Novelty
from slatewright.pipeline.orders.round_robin import RoundRobin
from slatewright.pipeline.orders.serendipity import Serendipity
from slatewright.pipeline.orders.top_k import TopK
from slatewright.pipeline.orders.weighed import Weighed

__all__ = [
    "DPP",
    "MMR",
    "AtLeast",
    "AtMost",
    "Calibrated",
    "Constraints",
    "Exactly",
    "Novelty",
    "RoundRobin",
    "Serendipity",
    "TopK",
    "Weighed",
]
