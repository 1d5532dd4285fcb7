from pathlib import Path

import numpy as np
import pytest

from slatewright.core.arrays import Scores
from slatewright.core.errors import BadBundle
from slatewright.models import nearest
from slatewright.models.nearest import EXACT, PRECISIONS, NearestIndex


def vectors(n: int, d: int = 16) -> Scores:
    """Vectors of very different lengths, as factors are; some have none."""
    rng = np.random.default_rng(0)
    made = rng.standard_normal((n, d), dtype=np.float32) * rng.lognormal(0, 1, (n, 1)).astype(np.float32)
    made[:: max(n // 10, 1)] = 0
    return made


@pytest.fixture(autouse=True)
def _a_short_head(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearest, "HEAD", 50)


@pytest.mark.parametrize("precision", PRECISIONS)
def test_it_finds_nearly_what_an_exact_search_finds(precision: str) -> None:
    items, queries = vectors(1500), np.random.default_rng(1).standard_normal((40, 16), dtype=np.float32)
    index = NearestIndex.built(items, queries[:20], precision=precision, limit=30, recall=0.9)
    assert index.recall >= 0.9
    opened = index.over(items)
    exact = np.argsort(-(queries[20:] @ items.T), axis=1)[:, :30]
    hits = 0
    for query, wanted in zip(queries[20:], exact, strict=True):
        found, scores = opened.find(query, 30)
        np.testing.assert_allclose(scores, items[found] @ query, rtol=1e-4)  # whatever the precision of the graph
        assert (np.diff(scores) <= 0).all()
        hits += len(np.intersect1d(found, wanted))
    assert hits / exact.size >= 0.85


def test_the_same_vectors_give_the_same_bytes_and_more_is_found_when_more_is_asked() -> None:
    items, queries = vectors(400), vectors(20)[1:]
    first, second = (NearestIndex.built(items, queries, precision="int8", limit=10, recall=0.9) for _ in range(2))
    np.testing.assert_array_equal(first.graph, second.graph)
    assert first.told() == second.told()
    assert len(first.over(items).find(queries[0], 200)[0]) == 200


def test_it_is_walked_where_it_lies_on_disk(tmp_path: Path) -> None:
    items, queries = vectors(400), vectors(20)[1:]
    made = NearestIndex.built(items, queries, precision="f16", limit=10, recall=0.9)
    for name, array in made.arrays().items():
        np.save(tmp_path / f"{name}.npy", array)
    mapped = {name: np.load(tmp_path / f"{name}.npy", mmap_mode="r") for name in made.arrays()}
    again = NearestIndex.from_arrays(mapped)
    assert again.told() == made.told()
    for query in queries:
        for kept, read in zip(made.over(items).find(query, 10), again.over(items).find(query, 10), strict=True):
            np.testing.assert_array_equal(kept, read)


def test_an_index_that_finds_too_little_says_that_it_is_not_to_be_used() -> None:
    items, queries = vectors(400), vectors(20)[1:]
    index = NearestIndex.built(items, queries, precision="int8", limit=10, recall=1.01)
    assert index.expansion == EXACT
    assert index.told()["used"] is False


@pytest.mark.parametrize("n", [1, 3, 50, 51])
def test_few_items_are_all_found(n: int) -> None:
    items = np.abs(vectors(n)) + 1
    index = NearestIndex.built(items, items[:2], precision="f32", limit=10, recall=0.9)
    assert sorted(index.over(items).find(items[0], 1000)[0]) == list(range(n))


def test_what_is_no_graph_is_refused() -> None:
    items = vectors(100)
    index = NearestIndex.built(items, items[1:3], precision="f32", limit=10, recall=0.9)
    with pytest.raises(BadBundle, match="train again"):
        index.over(items[:, :8])
    broken = NearestIndex(index.head, np.zeros(100, dtype=np.uint8), "f32", 10, 64, 1.0)
    with pytest.raises(BadBundle, match="train again"):
        broken.over(items)
