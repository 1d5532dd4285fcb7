"""Events at random, to measure with."""

import numpy as np

from slatewright.data.dataset import Dataset, Interactions
from slatewright.data.idmap import IdMap


def random_events(n_users: int, n_items: int, n_events: int) -> Dataset:
    """A data set in which some items are common and most are rare; fewer events than asked, as pairs are distinct."""
    rng = np.random.default_rng(0)
    users, items = rng.integers(0, n_users, n_events), (n_items * rng.random(n_events) ** 2).astype(np.int64)
    user, item = (part.astype(np.int32) for part in np.divmod(np.unique(users * n_items + items), n_items))
    ones, zeros = np.ones(len(user), np.float32), np.zeros(len(user), np.int64)
    ids = [IdMap.of(f"{at:07d}" for at in range(n)) for n in (n_users, n_items)]
    return Dataset(ids[0], ids[1], Interactions(user, item, zeros.astype(np.int8), ones, ones, zeros), as_of=1)
