import numpy as np

from slatewright.core.randomness import generator


def test_a_seed_gives_the_same_numbers_again() -> None:
    assert generator(7).random() == generator(7).random()


def test_a_generator_is_passed_through() -> None:
    rng = np.random.default_rng(0)
    assert generator(rng) is rng
