"""What every recommender has to beat."""

import numpy as np

from slatewright.core.arrays import Offsets
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
    table = train.interactions
    pairs = np.unique(table.user.astype(np.int64) * max(1, train.n_items) + table.item)
    return np.bincount(pairs % max(1, train.n_items), minlength=train.n_items)
