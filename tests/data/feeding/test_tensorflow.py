"""TensorFlow and workers of PyTorch give the same batches, in a process of their own: one stays, the others fork."""

import subprocess
import sys

import pytest

SCRIPT = """
import numpy as np
from slatewright.data.dataset import dataset_of
from slatewright.data.feeding import Feed
from slatewright.testing.worlds import two_tastes

town, feed = dataset_of(two_tastes()), Feed(batch_size=100, n_negatives=2, window=4, rng=5)
loader = feed.torch(town, workers=2)
for epoch in (0, 1):
    for batch, arrays in zip(loader, feed.numpy(town, epoch), strict=True):
        for name, tensor in batch.items():
            np.testing.assert_array_equal(tensor.numpy(), arrays[name])
fed = feed.tensorflow(town)
assert int(fed.cardinality()) == len(feed.batches(town))
for epoch in (0, 1):
    for batch, arrays in zip(fed, feed.numpy(town, epoch), strict=True):
        assert list(batch) == list(arrays)
        for name, tensor in batch.items():
            assert tensor.dtype.as_numpy_dtype == arrays[name].dtype
            np.testing.assert_array_equal(tensor.numpy(), arrays[name])
assert fed.element_spec["history"].shape.as_list() == [None, 4]
print("the same")
"""


@pytest.mark.long
def test_every_way_to_read_a_pass_gives_the_same_batches() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False, timeout=300)
    assert done.stdout == "the same\n", done.stderr
