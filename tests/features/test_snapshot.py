from pathlib import Path

import numpy as np
import pytest

from slatewright.core.clock import MICROSECONDS_PER_DAY as DAY
from slatewright.features.layout import Numbers
from slatewright.features.snapshot import restore, save
from slatewright.features.state import Arrival, MemoryState
from slatewright.testing.states import AS_OF, BEFORE, BOUND, BUNDLE, arrivals, happened, read


def counting() -> MemoryState:
    state = MemoryState(BOUND.layout, BUNDLE)
    state.begin(Arrival("j", 0, 50, BOUND.happened(happened(50, rng=1)).acts))
    return state


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "counts.npz"


def test_a_state_goes_on_where_it_was_with_equal_numbers(path: Path) -> None:
    before, after = counting(), MemoryState(BOUND.layout, BUNDLE)
    save(before, path, "b1")
    assert restore(after, BUNDLE, path, "b1")
    assert after.position("j") == 50
    (arrival,) = arrivals([happened(30, rng=2, since=AS_OF + 900 * DAY)], first=50)
    for state in (before, after):
        assert state.apply(arrival)
    wanted: Numbers = read(before)
    np.testing.assert_array_equal(read(after), wanted)
    assert [one.name for one in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.99])
def test_a_snapshot_that_is_cut_short_is_none(path: Path, share: float) -> None:
    save(counting(), path, "b1")
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    state = MemoryState(BOUND.layout, BUNDLE)
    assert not restore(state, BUNDLE, path, "b1")
    np.testing.assert_array_equal(read(state), read(BUNDLE))


def test_an_altered_number_is_noticed(path: Path) -> None:
    save(counting(), path, "b1")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    assert not restore(MemoryState(BOUND.layout, BUNDLE), BUNDLE, path, "b1")


def test_a_byte_that_is_altered_anywhere_changes_no_number(path: Path) -> None:
    """The directory of the file stands at its end; what is altered there breaks other things than a sum."""
    save(counting(), path, "b1")
    content = path.read_bytes()
    wanted = read(counting())
    for at in range(len(content) - 190, len(content), 2):
        path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        state = MemoryState(BOUND.layout, BUNDLE)
        if restore(state, BUNDLE, path, "b1"):  # a date, or the like
            np.testing.assert_array_equal(read(state), wanted)


def test_the_snapshot_of_another_bundle_is_none(path: Path) -> None:
    assert not restore(MemoryState(BOUND.layout, BUNDLE), BUNDLE, path, "b1")
    save(counting(), path, "b1")
    state = MemoryState(BOUND.layout, BUNDLE)
    assert not restore(state, BUNDLE, path, "b2")
    assert not restore(state, BOUND.counters(BEFORE, AS_OF - DAY), path, "b1")
    assert restore(state, BUNDLE, path, "b1")
