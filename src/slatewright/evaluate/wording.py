"""How numbers of an evaluation read."""

from collections.abc import Iterable

from slatewright.evaluate.evaluation import Measured
from slatewright.metrics.bootstrap import Interval
from slatewright.metrics.registry import MEANINGS, title_of

NOTHING = "-"  # what cannot be said: AUC of a pipeline, diversity where no item has a category


def metrics_in(measured: Iterable[Measured]) -> list[str]:
    """The metrics that anybody has, in the order in which they are listed."""
    return list(dict.fromkeys(metric for one in measured for metric in one.metrics))


def title(metric: str, k: int) -> str:
    """``Recall@20``."""
    return title_of(metric, k)


def cell(measured: Measured, metric: str) -> str:
    """``.0817 [.0772, .0861] ▲``: the value, its interval, and whether it beats popularity for sure."""
    one = measured.metrics.get(metric)
    if one is None:
        return NOTHING
    text = f"{number(one.value)} [{number(one.low)}, {number(one.high)}]"
    return f"{text} {sign(measured, metric)}".rstrip()


def short_cell(measured: Measured, metric: str, between: str = " ") -> str:
    """``.082 ▲ [.077, .086]``, three digits; ``between`` stands before the bracket, a new line where room is scarce."""
    one = measured.metrics.get(metric)
    return NOTHING if one is None else f"{short(one.value)} {sign(measured, metric)}".rstrip() + between + brackets(one)


def brackets(one: Interval) -> str:
    """``[.077, .086]``."""
    return f"[{short(one.low)}, {short(one.high)}]"


def short(value: float) -> str:
    """Three digits: ``.082``, ``7.08``, ``12.3``."""
    digits = 3 if abs(value) < 1 else 2 if abs(value) < 10 else 1
    return f"{value or 0.0:.{digits}f}".replace("0.", ".", 1) if abs(value) < 1 else f"{value:.{digits}f}"


def number(value: float) -> str:
    """Four digits, without the leading zero; nothing is never below nothing."""
    return f"{value or 0.0:.4f}".removeprefix("0") if value >= 0 else f"-{number(-value)}"


def sign(measured: Measured, metric: str) -> str:
    """▲ when it is better than popularity for sure (the whole interval of the lead), ▼ when worse, else nothing.

    ↑ and ↓, higher and lower for sure, where neither is better.
    """
    lead = measured.lead.get(metric)
    if lead is None or lead.low <= 0 <= lead.high:
        return ""
    better = MEANINGS[metric].better if metric in MEANINGS else "higher"
    if better == "neither":
        return "↑" if lead.low > 0 else "↓"
    return "▲" if (lead.low > 0) == (better == "higher") else "▼"


def meanings(metrics: Iterable[str]) -> list[str]:
    """``Recall: of what people then took, the share that was on their list.``"""
    told = (MEANINGS[one] for one in metrics if one in MEANINGS)
    return [f"{one.title}: {one.text}{'' if one.text.endswith('?') else '.'}" for one in told]


LEGEND = (
    "In brackets: {level:.0%} bootstrap interval over users. "
    "▲ better, ▼ worse than popularity on the same users, whole interval of the paired difference; "
    "↑ higher, ↓ lower, where that is a matter of taste."
)
