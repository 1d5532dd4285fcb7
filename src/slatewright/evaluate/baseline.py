"""What every recommender has to beat."""

from typing import Any

import numpy as np

from slatewright.core.arrays import Offsets
from slatewright.core.kernels import kernel
from slatewright.data.dataset import Dataset
from slatewright.models import Known, Model
from slatewright.models.shapes.item_scores import ItemScores


def popularity(train: Dataset) -> Model:
    """Items by how many users took them, each user counted once: stronger than counting events.

    Where a few customers order the same thing every week, counting events recommends what they order.
    """
    users = takers_of(train).astype(np.float32)
    return ItemScores(Known(train.users, train.items, train.histories()), users)


def takers_of(train: Dataset) -> Offsets:
    """How many users took each item, int64 (n_items,); a user who took it often counts once."""
    takers = np.zeros(train.n_items, dtype=np.int64)
    _count(train.interactions.user, train.interactions.item, np.full(train.n_items, -1, dtype=np.int32), takers)
    return takers


@kernel()
def _count(users: Any, items: Any, last: Any, takers: Any) -> None:
    """Events lie in order of user, so a user's second event with an item follows on the first."""
    for event in range(len(users)):
        if last[items[event]] != users[event]:
            last[items[event]] = users[event]
            takers[items[event]] += 1
