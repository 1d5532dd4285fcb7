"""A loader of PyTorch gives the same batches with and without workers."""

import pickle
import sys
from types import ModuleType

import numpy as np
import pytest

from slatewright.data.dataset import dataset_of
from slatewright.data.feeding import Feed
from slatewright.testing.worlds import two_tastes

TOWN = dataset_of(two_tastes())
FEED = Feed(batch_size=100, n_negatives=2, window=4, rng=5)


def test_each_pass_over_a_loader_is_the_next_pass_over_the_data() -> None:
    loader = FEED.torch(TOWN)
    assert len(loader) == len(FEED.batches(TOWN))
    for epoch in (0, 1):
        expected = list(FEED.numpy(TOWN, epoch))
        for batch, arrays in zip(loader, expected, strict=True):
            assert list(batch) == list(arrays)
            for name, tensor in batch.items():
                assert tensor.numpy().dtype == arrays[name].dtype
                np.testing.assert_array_equal(tensor.numpy(), arrays[name])


def test_a_pass_that_is_left_early_is_a_pass() -> None:
    loader = FEED.torch(TOWN)
    next(iter(loader))
    np.testing.assert_array_equal(next(iter(loader))["user"].numpy(), next(FEED.numpy(TOWN, 1))["user"])


@pytest.mark.parametrize(("engine", "start"), [("jax", "forkserver"), ("no_engine", None)])
def test_workers_are_not_forked_from_a_process_where_jax_runs(
    monkeypatch: pytest.MonkeyPatch, engine: str, start: str | None
) -> None:
    monkeypatch.delitem(sys.modules, "jax", raising=False)
    monkeypatch.setitem(sys.modules, engine, ModuleType(engine))
    context = FEED.torch(TOWN, workers=2).multiprocessing_context
    assert (context and context.get_start_method()) == start
    assert FEED.torch(TOWN).multiprocessing_context is None
    assert len(pickle.loads(pickle.dumps(FEED.torch(TOWN).dataset))) == len(FEED.batches(TOWN))  # noqa: S301 - our own
