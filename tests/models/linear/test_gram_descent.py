"""Both ways of descent are held to scikit-learn in test_elastic_net; here: to each other, where they must agree."""

import numpy as np
from scipy import sparse

from slatewright.models.linear import elastic_net as module
from slatewright.models.linear.descent import Limits, Penalties


def test_both_ways_find_the_same_columns() -> None:
    table = sparse.random(200, 60, 0.1, format="csr", dtype=np.float32, rng=np.random.default_rng(4))
    penalties, limits = Penalties(np.full(60, 1.0), 0.05, False), Limits(60, 1000, 1e-7)
    for begin, end in ((0, 60), (10, 11), (5, 5)):
        by_gram, by_rows = (way(table, penalties, limits)[0](begin, end) for way in (module._on_gram, module._on_rows))
        np.testing.assert_array_equal(by_gram[0], by_rows[0])
        np.testing.assert_array_equal(by_gram[1], by_rows[1])
        np.testing.assert_allclose(by_gram[2], by_rows[2], atol=1e-5)
