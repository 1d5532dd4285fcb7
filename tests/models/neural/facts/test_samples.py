import numpy as np

from slatewright.data.histories import Histories
from slatewright.models.neural.facts.samples import Samples


def test_samples_of_histories_are_their_pairs_of_weight_above_zero() -> None:
    samples = Samples.of(Histories.of([[2, 0, 2], [], [3, 1]], [[1, 1, 1], [], [0, 1]]), 5)
    assert len(samples) == 3
    users, items = samples.at(np.arange(3))
    assert list(zip(users.tolist(), items.tolist(), strict=True)) == [(0, 0), (0, 2), (2, 1)]
    assert samples.who_took.tolist() == [True, False, True]
    assert samples.sold.tolist() == np.flatnonzero(samples.is_sold).tolist() == [0, 1, 2]
    assert samples.seen is samples.taken is samples.taught
