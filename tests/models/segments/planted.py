"""A shop with planted kinds of people: each kind buys from shelves of its own, and some of everybody's."""

import numpy as np
import polars as pl

from slatewright.core.arrays import Array
from slatewright.core.clock import MICROSECONDS_PER_DAY
from slatewright.data.dataset import Dataset, dataset_of
from slatewright.testing.worlds import START

KINDS = ("tea", "garden", "baby", "tools")


def planted(n_users: int = 240, per_kind: int = 30, events: int = 15, *, rng: int = 0) -> tuple[Dataset, Array]:
    """A data set and the kind of each of its users, by index.

    Users in order of kind, sizes 4 : 3 : 2 : 1. Nine events of ten lie on the kind's own shelf. The fact ``street`` is
    the kind's in four cases of five, ``age`` is 20, 30, 40 or 50, give or take 3. Two more users never came: one of the
    street of the gardeners, and one without facts.
    """
    draw = np.random.default_rng(rng)
    kind = np.repeat(np.arange(4), n_users * np.array([4, 3, 2, 1]) // 10)
    owner = np.repeat(np.arange(len(kind)), events)
    shelf = np.where(draw.random(len(owner)) < 0.9, kind[owner], draw.integers(4, size=len(owner)))
    item = shelf * per_kind + (per_kind * draw.random(len(owner)) ** 2).astype(np.int64)
    told = np.where(draw.random(len(kind)) < 0.8, kind, draw.integers(4, size=len(kind)))
    frame = pl.DataFrame(
        {
            "user_id": [f"u{one:04d}" for one in owner],
            "item_id": [f"i{one:03d}" for one in item],
            "time": START + draw.integers(100, size=len(owner)) * MICROSECONDS_PER_DAY,
        }
    )
    users = pl.DataFrame(
        {
            "user_id": [f"u{one:04d}" for one in range(len(kind))] + ["v0", "v1"],
            "street": [KINDS[one] for one in told] + ["garden", None],
            "age": [*(20.0 + 10 * kind + draw.normal(0, 3, len(kind))).tolist(), None, None],
        }
    )
    items = pl.DataFrame(
        {
            "item_id": [f"i{one:03d}" for one in range(4 * per_kind)],
            "category": np.repeat(KINDS, per_kind),
            "title": [f"A {KINDS[one // per_kind]} thing" for one in range(4 * per_kind)],
        }
    )
    dataset = dataset_of(frame, user_facts=users, item_facts=items)
    kinds = dict(zip(users["user_id"], [*kind.tolist(), 1, 1], strict=True))
    return dataset, np.array([kinds[name] for name in dataset.users])


def purity(labels: Array, kinds: Array) -> float:
    """The share that lies in a segment with the most frequent kind of that segment."""
    return sum(int(np.bincount(kinds[labels == at]).max()) for at in np.unique(labels)) / len(labels)
