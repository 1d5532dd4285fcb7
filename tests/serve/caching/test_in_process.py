"""The cache of one process: its budget is hard, the least recently asked for go first, the old are not given."""

import random
import tracemalloc
from dataclasses import replace

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slatewright.serve.caching.in_process import InProcessCache, size_of
from slatewright.testing.caches import SLATE, CacheKit


class TestKit(CacheKit):
    @pytest.fixture
    def cache(self) -> InProcessCache:
        return InProcessCache(10_000_000, 60, clock=lambda: SLATE.made)


def test_the_least_recently_asked_for_makes_room() -> None:
    size = size_of("0", SLATE)
    cache = InProcessCache(10 * size, 60, clock=lambda: SLATE.made)
    for at in range(10):
        cache.put(str(at), SLATE)
    assert cache.bytes == 10 * size
    assert cache.get("0") == SLATE
    cache.put("a", SLATE)
    assert cache.get("1") is None
    assert cache.get("0") == SLATE
    assert len(cache) == 10


def test_an_answer_too_large_for_the_budget_is_not_kept_and_neither_is_the_one_before_it() -> None:
    cache = InProcessCache(8000, 60, clock=lambda: SLATE.made)
    cache.put("one", SLATE)
    cache.put("one", replace(SLATE, body=b"x" * 2000))
    assert cache.get("one") is None
    assert cache.bytes == 0


def test_what_is_too_old_is_not_given_and_its_room_is_free() -> None:
    now = [SLATE.made]
    cache = InProcessCache(8000, 60, clock=lambda: now[0])
    cache.put("one", SLATE)
    now[0] += 60
    assert cache.get("one") == SLATE
    now[0] += 1
    assert cache.get("one") is None
    assert (cache.bytes, len(cache)) == (0, 0)


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 1500)), max_size=60))
def test_no_sequence_of_answers_exceeds_the_budget(puts: list[tuple[str, int]]) -> None:
    cache = InProcessCache(6000, 60, clock=lambda: SLATE.made)
    held: dict[str, bytes] = {}
    for key, length in puts:
        held[key] = b"x" * length
        cache.put(key, replace(SLATE, body=held[key]))
        assert 0 <= cache.bytes <= 6000
    found = {key: slate for key in held if (slate := cache.get(key)) is not None}
    assert all(slate.body == held[key] for key, slate in found.items())
    assert cache.bytes == sum(size_of(key, slate) for key, slate in found.items())


def test_the_memory_really_taken_stays_within_the_budget() -> None:
    rng, budget = random.Random(3), 2_000_000  # noqa: S311
    cache = InProcessCache(budget, 60, clock=lambda: SLATE.made)
    tracemalloc.start()
    try:
        for at in range(12_000):
            mark = f"{at}|"
            cache.put(f"/api/recommend/user-{at}", replace(SLATE, mark=mark, body=bytes(rng.randrange(2000))))
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert budget / 2 < taken < budget


def test_the_room_that_a_writer_of_json_left_empty_is_not_kept() -> None:
    budget, words = 2_000_000, ["tea"] * 750  # some 4,500 bytes, for which orjson takes 8,192
    cache = InProcessCache(budget, 60, clock=lambda: SLATE.made)
    tracemalloc.start()
    try:
        for at in range(1000):
            cache.put(f"/api/recommend/user-{at}", replace(SLATE, body=orjson.dumps(words)))
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert budget / 2 < taken < budget
