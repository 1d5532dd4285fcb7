"""The tables of a diagnosis as rows of text, for the terminal, Markdown and the page alike."""

from collections.abc import Iterable, Iterator, Sequence

from slatewright.evaluate.comparing.saying import chance
from slatewright.evaluate.diagnosis.residuals import Bias, furthest_off
from slatewright.evaluate.diagnosis.slicing import Slice, worst
from slatewright.evaluate.wording import number

GROUPS = ("group", "number", "mean", "others", "lost", "p")
BIASES = ("group", "ratings", "said - predicted", "RMSE", "others", "p")


def group_rows(groups: Iterable[Slice], most: int) -> Iterator[Sequence[str]]:
    """The groups where most is lost."""
    for one in worst(groups)[:most]:
        yield one.name, f"{one.rows:,}", number(one.mean), number(one.others), f"{one.lost:,.1f}", p_of(one)


def bias_rows(found: Iterable[Bias], most: int) -> Iterator[Sequence[str]]:
    """The groups that are furthest off in sum."""
    for one in furthest_off(found)[:most]:
        off = f"{one.residual.value:+.3f} [{one.residual.low:+.3f}, {one.residual.high:+.3f}]"
        yield one.group.name, f"{one.group.rows:,}", off, f"{one.rmse:.3f}", f"{one.others_rmse:.3f}", p_of(one.group)


def p_of(one: Slice) -> str:
    """The corrected p of a group that stands apart for sure, or ``level``."""
    return chance(one.adjusted) if one.real else "level"
