"""Classes of very different size: what a model hears of most of the time, and what can be done about it."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from slatewright.core.arrays import Array
from slatewright.data.dataset import Dataset
from slatewright.data.histories import RATED_KINDS
from slatewright.metrics.popularity_bias import gini_of_counts

TOP = 0.01  # share of the items, or of the users, that is held against all
MANY = 0.25  # of all events by the top, or on it: from here on it is said
FEW = 0.05  # of the weight: a kind or rating with less hardly teaches
MOST_RATINGS = 12  # distinct values that still are a scale


@dataclass(frozen=True, slots=True)
class Class:
    """One class of events: how many, and which share of the events and of the weight that training gives them."""

    name: str
    events: int
    share: float
    weight_share: float


@dataclass(frozen=True)
class Imbalance:
    """How unequal the classes are: kinds, ratings (none where there is no scale), items and users.

    ``density``: pairs of user and item with an event, of all pairs. ``top_items``, ``top_users``: share of the events
    that the top per cent takes; ``item_gini``, ``user_gini``: 0 all alike, 1 one has everything.
    """

    density: float
    kinds: tuple[Class, ...]
    ratings: tuple[Class, ...]
    top_items: float
    item_gini: float
    top_users: float
    user_gini: float

    def as_dict(self) -> dict[str, object]:
        """Plain data, ready for JSON."""
        return asdict(self)


def imbalance_of(dataset: Dataset) -> Imbalance:
    """Count the classes of a data set."""
    table = dataset.interactions
    pairs = np.unique(table.user.astype(np.int64) * max(1, dataset.n_items) + table.item)
    rated = table.of_kind(*RATED_KINDS)
    values = np.unique(table.value[rated])
    scale = values if 1 < len(values) <= MOST_RATINGS else values[:0]
    per_item = np.bincount(table.item, minlength=dataset.n_items)
    per_user = np.bincount(table.user, minlength=dataset.n_users)
    return Imbalance(
        density=len(pairs) / max(1, dataset.n_users * dataset.n_items),
        kinds=_classes(table.kind, table.weight, table.kinds),
        ratings=_classes(
            np.searchsorted(scale, table.value[rated]), table.weight[rated], [f"{value:g}" for value in scale]
        ),
        top_items=_top(per_item),
        item_gini=gini_of_counts(per_item) if per_item.any() else 0.0,
        top_users=_top(per_user),
        user_gini=gini_of_counts(per_user) if per_user.any() else 0.0,
    )


def sentences(found: Imbalance) -> Iterator[str]:
    """What stands out, and the knob or setting that answers it."""
    yield (
        f"{found.density:.3%} of all pairs of user and item have an event: what was not done outweighs what was. "
        "unobserved_weight (ALS) or n_negatives (BPR) says how much the rest counts."
    )
    if found.top_items > MANY:
        yield (
            f"The top 1% of the items take {found.top_items:.0%} of the events, so lists lean to them. "
            "popularity_discount (ALS, RP3beta, UserKNN), negative_exponent (BPR), or Balanced(by='item') answer that."
        )
    if found.top_users > MANY:
        yield (
            f"The top 1% of the users are behind {found.top_users:.0%} of the events. activity_discount (EASE, "
            "ItemKNN, SLIM), or Balanced(by='user') answer that; slatewright import looks for robots."
        )
    for one in found.kinds:
        if one.weight_share < FEW and one.events:
            yield (
                f"Events of kind {one.name!r} carry {one.weight_share:.1%} of the weight: the model hardly hears them. "
                f"Raise {one.name} under [weights], or take Balanced(by='kind')."
            )
    small = [one.name for one in found.ratings if one.share < FEW]
    if small:
        yield (
            f"Ratings of {', '.join(small)} are rare (each below {FEW:.0%}): RMSE hardly counts them. Look at the "
            "residuals by predicted value, and judge by lists as well."
        )


def _classes(codes: Array, weights: Array, names: Sequence[str]) -> tuple[Class, ...]:
    """Largest first."""
    events = np.bincount(codes, minlength=len(names))
    weight = np.bincount(codes, weights, minlength=len(names))
    shares, weighed = events / max(1, events.sum()), weight / (weight.sum() or 1.0)
    found = [
        Class(name, int(events[at]), float(shares[at]), float(weighed[at]))
        for at, name in enumerate(names)
        if events[at]
    ]
    return tuple(sorted(found, key=lambda one: -one.events))


def _top(counts: Array) -> float:
    """The share of all that the top per cent has; one at least."""
    some = np.sort(counts)[::-1]
    return float(some[: max(1, round(TOP * len(some)))].sum() / max(1, some.sum()))
