import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from slatewright.models.neural.facts.crossing import crossed

MASK = 2**64 - 1
PLACE = st.integers(0, 2**31 - 1)


def mixed(number: int) -> int:
    """SplitMix64's finaliser in Python's own numbers."""
    number = ((number ^ (number >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    number = ((number ^ (number >> 27)) * 0x94D049BB133111EB) & MASK
    return number ^ (number >> 31)


@given(PLACE, PLACE, st.integers(0, 1000), st.integers(2, 2**28))
def test_the_place_of_a_pair_is_its_hash(one: int, other: int, key: int, room: int) -> None:
    found = crossed(np.array([[one]], np.int32), np.array([[other]], np.int32), np.array([key]), room)[0, 0]
    by_hand = 1 + mixed(mixed((key + 0x9E3779B97F4A7C15) & MASK) ^ mixed((one << 32) | other)) % (room - 1)
    assert found == (by_hand if one and other else 0)


def test_places_are_spread_evenly() -> None:
    one, other = np.divmod(np.arange(100_000, dtype=np.int32), 1000)
    found = crossed(one[:, None] + 1, other[:, None] + 1, np.array([3]), 101)
    assert abs(np.bincount(found[:, 0], minlength=101)[1:] - 1000).max() < 5 * 1000**0.5
