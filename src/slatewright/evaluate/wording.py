"""How numbers of an evaluation read."""

from slatewright.evaluate.evaluation import Measured

NAMES = {
    "recall": "Recall",
    "ndcg": "NDCG",
    "precision": "Precision",
    "map": "MAP",
    "mrr": "MRR",
    "hit_rate": "Hit rate",
    "coverage": "Coverage",
}


def title(metric: str, k: int) -> str:
    """``Recall@20``."""
    return f"{NAMES.get(metric, metric)}@{k}"


def cell(measured: Measured, metric: str) -> str:
    """``.0817 [.0772, .0861] ▲``: the value, its interval, and whether it beats popularity for sure."""
    one = measured.metrics[metric]
    text = f"{number(one.value)} [{number(one.low)}, {number(one.high)}]"
    return f"{text} {sign(measured, metric)}".rstrip()


def number(value: float) -> str:
    """Four digits, without the leading zero."""
    return f"{value:.4f}".removeprefix("0") if value >= 0 else f"-{number(-value)}"


def sign(measured: Measured, metric: str) -> str:
    """▲ when the whole interval of the lead over popularity is above 0, ▼ when it is below, else nothing."""
    lead = measured.lead.get(metric)
    if lead is None or lead.low <= 0 <= lead.high:
        return ""
    return "▲" if lead.low > 0 else "▼"


LEGEND = (
    "In brackets: {level:.0%} bootstrap interval over users. "
    "▲ better, ▼ worse than popularity on the same users, whole interval of the paired difference."
)
