from types import SimpleNamespace

import numpy as np
import pytest

from slatewright.core.errors import BadBundle
from slatewright.models.neural.facts.fact_net import Marks
from slatewright.models.neural.networks import AroundNetwork, Spec, _first, built
from slatewright.models.neural.pairs.answering import PairScores

SPEC = Spec.of("neumf", gmf=4, mlp=4, layers=[6, 3], dropout=0.5)


def test_a_spec_comes_back_from_a_bundle() -> None:
    assert Spec.from_array(SPEC.array()) == SPEC
    assert SPEC.array().dtype == np.uint8


def test_first_weights_follow_from_the_seed_and_keep_the_scale_of_what_passes() -> None:
    names = [one.path for one in SPEC.network().variables]
    first, again, other = (SPEC.initial(np.random.default_rng(seed)) for seed in (0, 0, 1))
    for one, same in zip(first, again, strict=True):
        np.testing.assert_array_equal(one, same)
    weights = dict(zip(names, first, strict=True))
    assert not weights["layer1/bias"].any()
    assert np.abs(weights["layer1/kernel"]).max() <= np.sqrt(6 / 9)
    assert any((one != two).any() for one, two in zip(first, other, strict=True))


@pytest.mark.filterwarnings("error")  # also of what the settings of the tests allow a user's model
def test_first_weights_are_read_without_a_warning() -> None:
    assert all(one.size for one in SPEC.initial(np.random.default_rng(0)))


@pytest.mark.parametrize("kind", ["uint32", "int32", "int64"])  # of JAX, PyTorch and TensorFlow
def test_seeds_are_drawn_alike_whatever_kind_of_number_an_engine_keeps_them_in(kind: str) -> None:
    rng = np.random.default_rng(0)
    seed = _first(SimpleNamespace(shape=(2,), dtype=kind, trainable=False), rng)
    expected = np.random.default_rng(0)
    np.testing.assert_array_equal(seed, expected.integers(2**29, size=2, dtype=np.int32))
    assert seed.dtype == kind
    assert rng.random() == expected.random()  # what is drawn next is the same, too


def test_the_network_of_a_spec_is_one_object() -> None:
    assert SPEC.network() is Spec.of("neumf", gmf=4, mlp=4, layers=[6, 3], dropout=0.5).network()


def test_an_unknown_network_is_refused() -> None:
    with pytest.raises(BadBundle, match="no network 'gpt'; is the bundle from a newer version"):
        built(Spec.of("gpt"))


def test_mixed_precision_multiplies_in_half_and_keeps_weights_in_full() -> None:
    network = Spec.of("neumf", "bfloat16", gmf=4, mlp=0, layers=[], dropout=0.0).network()
    assert {str(one.dtype) for one in network.variables} == {"float32"}
    scores = network([np.ones((2, 4), np.float32), np.ones((2, 3, 4), np.float32)])
    assert "bfloat16" in str(scores.dtype)


def test_what_is_compiled_around_one_network_is_told_apart_by_its_class() -> None:
    around: list[AroundNetwork] = [Marks(SPEC), PairScores(SPEC)]
    assert around[0] != around[1]
    assert Marks(SPEC) == around[0]
    assert all(one.network() is SPEC.network() for one in around)
