"""How many segments?"""

import numpy as np
import pytest
from sklearn.metrics import silhouette_score

from slatewright.models.segments.choosing import choose
from slatewright.models.segments.clustering import METHODS

from .test_clustering import blobs


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("k", [2, 3, 5])
def test_as_many_segments_as_there_are_blobs(method: str, k: int) -> None:
    rows, _ = blobs(200, k)
    found, tried = choose(rows, method, 0)
    assert len(found) == k == max(tried, key=lambda n: tried[n])
    assert tried[k] == pytest.approx(silhouette_score(rows, found.labels), rel=1e-4)


def test_where_nothing_can_be_told_apart_there_is_one_segment() -> None:
    for n in (1, 2, 30):
        found, tried = choose(np.ones((n, 3), np.float32), "kmeans", 0)
        assert found.sizes.tolist() == [n]
        assert not tried
