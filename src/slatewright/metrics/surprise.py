"""How much a list tells people that they did not know: novelty and serendipity."""

import numpy as np

from slatewright.core.arrays import Index, Mask, Offsets
from slatewright.core.errors import BadInput
from slatewright.metrics.hits import hits
from slatewright.metrics.places import PerItem, mean_of_places
from slatewright.metrics.ranking import PerUser


def self_information(takers: Offsets, n_users: int) -> PerItem:
    """How unknown each item is, in bits: -log2 of the share of users who took it, float64 (n_items,).

    ``takers`` int (n_items,) counts the users who took each item; one that nobody took is treated as taken by one.

    Raises:
        BadInput: there are no users, or an item has more takers than there are users.
    """
    if n_users < 1 or int(takers.max(initial=0)) > n_users:
        raise BadInput(
            f"takers are counted among at least one user and are no more than all, got {takers.max(initial=0)} of "
            f"{n_users} users"
        )
    return np.asarray(-np.log2(np.maximum(takers, 1) / n_users), dtype=np.float64)


def novelty(lists: Index, counts: Offsets, information: PerItem) -> PerUser:
    """The mean self-information of a list's items, in bits; NaN where a list is empty.

    An item that everybody took brings 0 bits, one that 1 of 1,000 users took about 10. Zhou, Kuscsik, Liu, Medo,
    Wakeling and Zhang (PNAS 2010).

    Raises:
        BadInput: the shapes do not fit, or a list holds an unknown item.
    """
    return mean_of_places(lists, counts, information)


def serendipity(found: Mask, lists: Index, counts: Offsets, expected: Index, expected_counts: Offsets) -> PerUser:
    """The share of the k places that hold a right item which a primitive recommender would not have shown.

    ``found`` bool (n, k) are the hits of ``lists``, which may have fewer than k places; ``expected`` int32 (n, any) are
    the lists of the primitive recommender (popularity) for the same users. A place that is not filled is not right.
    Murakami, Mori and Orihara (JSAI 2007); Ge, Delgado-Battenfeld and Jannach (RecSys 2010), with a right item for a
    useful one.

    Raises:
        BadInput: the shapes do not fit.
    """
    filled = np.arange(expected.shape[1]) < expected_counts[:, None]
    offsets = np.concatenate([[0], np.cumsum(expected_counts)]).astype(np.int64)
    known = hits(lists, counts, offsets, expected[filled])
    return np.asarray((found[:, : lists.shape[1]] & ~known).sum(axis=1) / found.shape[1], dtype=np.float64)
