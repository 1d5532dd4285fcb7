from typing import Any

import numpy as np

from slatewright.core.kernels import kernel
from slatewright.core.mixing import GOLDEN, mixed, shifted

PUBLISHED = [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821]


@kernel()
def _stream(seed: Any, out: Any) -> None:
    for nth in range(len(out)):
        out[nth] = mixed(seed + np.uint64(nth + 1) * GOLDEN)


def test_the_numbers_are_those_that_are_published_for_splitmix64() -> None:
    out = np.empty(5, dtype=np.uint64)
    _stream(np.uint64(1234567), out)
    assert out.tolist() == PUBLISHED
    assert int(mixed(GOLDEN)) == 0xE220A8397B1DCDAF  # the first of seed 0


def test_a_number_follows_another_as_in_whole_numbers_of_64_bits() -> None:
    wanted, state = 1, np.uint64(1)
    for _ in range(20):
        wanted ^= wanted << 13 & 2**64 - 1
        wanted ^= wanted >> 7
        wanted ^= wanted << 17 & 2**64 - 1
        state = np.uint64(shifted(state))
        assert int(state) == wanted
