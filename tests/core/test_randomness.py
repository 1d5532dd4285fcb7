import numpy as np
import pytest

from slatewright.core.errors import BadKnob
from slatewright.core.randomness import generator


def test_a_seed_gives_the_same_numbers_again() -> None:
    assert generator(7).random() == generator(7).random()


def test_a_generator_is_passed_through() -> None:
    rng = np.random.default_rng(0)
    assert generator(rng) is rng


def test_a_seed_below_zero_is_refused() -> None:
    with pytest.raises(BadKnob, match="a seed >= 0, got -1"):
        generator(-1)
