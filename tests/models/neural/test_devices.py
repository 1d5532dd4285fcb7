"""Data-parallel training by Keras' own distribution: two devices of the host, in a process of their own."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from slatewright.data.dataset import dataset_of
from slatewright.models import NeuMF
from slatewright.testing.worlds import two_tastes

ESTIMATOR = NeuMF(embedding_dim=4, layers=(8, 4), epochs=2, batch_size=64, learning_rate=0.02)

CHILD = """
import json
import jax
from slatewright.models.neural.engine import keras_engine
keras = keras_engine()
keras.distribution.set_distribution(keras.distribution.DataParallel())
from slatewright.data.dataset import dataset_of
from slatewright.models.neural.engine import jax_engine
from slatewright.testing.worlds import two_tastes
from tests.models.neural.test_devices import ESTIMATOR

spread, placed = set(), jax_engine._placed

def watched(array):
    found = placed(array)
    spread.add((len(found.sharding.device_set), found.addressable_shards[0].data.shape[0] * 2 == found.shape[0]))
    return found

jax_engine._placed = watched
curve = ESTIMATOR.fit(dataset_of(two_tastes())).learning_curve
print(json.dumps({"devices": len(jax.devices()), "spread": sorted(spread), "curve": curve.tolist()}))
"""


@pytest.mark.skipif(find_spec("jax") is None, reason="JAX is not installed")
def test_two_devices_learn_what_one_does() -> None:
    two = f"{os.environ.get('XLA_FLAGS', '')} --xla_force_host_platform_device_count=2"
    flags = {"KERAS_BACKEND": "jax", "XLA_FLAGS": two}
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", CHILD],
        cwd=Path(__file__).parents[3],
        env=os.environ | flags,
        capture_output=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr.decode()
    found = json.loads(ran.stdout.decode().splitlines()[-1])
    assert found["devices"] == 2
    assert found["spread"] == [[2, True]]
    np.testing.assert_allclose(found["curve"], ESTIMATOR.fit(dataset_of(two_tastes())).learning_curve, rtol=1e-3)
