from typing import Any

from slatewright.features.applying import apply_acts, move_landmarks, need_moving
from slatewright.features.counters import Counters
from slatewright.features.happenings import Occurrence
from slatewright.features.state import Arrival, LiveCounts, MemoryState
from slatewright.testing import states
from slatewright.testing.states import BOUND, BUNDLE, StateKit, happened, read


class TestMemoryState(StateKit):
    def make(self, counters: Counters) -> MemoryState:
        return MemoryState(BOUND.layout, counters)


def test_stages_read_from_the_state_that_they_are_told_to_follow() -> None:
    counts, state = LiveCounts(BUNDLE), MemoryState(BOUND.layout, BUNDLE)
    states.same(counts.gather(BOUND.layout, states.ALL, states.NOW), read(BUNDLE))
    counts.follow(state)
    state.begin(Arrival("j", 0, 9, BOUND.happened(happened(9, rng=1)).acts))
    states.same(counts.gather(BOUND.layout, states.ALL, states.NOW), read(state))
    assert (read(state) != read(BUNDLE)).any()
    assert counts.pairs is BUNDLE.pairs


def test_no_kernel_waits_for_the_first_event_to_be_compiled() -> None:
    before = read(BUNDLE)
    BUNDLE.compiled(BOUND.layout)
    states.same(read(BUNDLE), before)
    kernels: tuple[Any, ...] = need_moving, move_landmarks, apply_acts
    ready = [kernel.signatures for kernel in kernels]
    state = MemoryState(BOUND.layout, BUNDLE)
    state.begin(Arrival("j", 0, 9, BOUND.happened(happened(9, rng=1)).acts))
    assert state.apply(Arrival("j", 9, 12, BOUND.acts([Occurrence("i1", "view", states.NOW, 1.0)])))
    assert [kernel.signatures for kernel in kernels] == ready
    assert all(ready)
