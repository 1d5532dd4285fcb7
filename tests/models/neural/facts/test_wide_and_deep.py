"""WideAndDeep: the kit, and a table whose label is a cross of two facts."""

import numpy as np
import polars as pl

from slatewright.models import WideAndDeep
from slatewright.testing.estimators import EstimatorKit


class TestWideAndDeep(EstimatorKit):
    estimator = WideAndDeep(embedding_dim=4, layers=(8,), epochs=2, longest_history=5, batch_size=256)


def test_a_cross_of_two_facts_is_learned() -> None:
    draw = np.random.default_rng(0)
    color, size = draw.integers(0, 2, 400), draw.integers(0, 2, 400)
    facts = pl.DataFrame({"color": color, "size": size}).select(pl.all().cast(pl.String))
    model = WideAndDeep(embedding_dim=4, layers=(8,), epochs=20, batch_size=128, learning_rate=0.02).learn(
        facts, color ^ size
    )
    cells = pl.DataFrame({"color": ["0", "0", "1", "1"], "size": ["0", "1", "0", "1"]})
    np.testing.assert_array_equal(model.chances(cells) > 0.5, [False, True, True, False])
