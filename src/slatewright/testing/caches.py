"""The conformance kit of a cache of slates: ``cache`` is a fixture that gives an empty one, keeping for a minute."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from slatewright.serve.caching.contracts import CachedSlate, SlateCache

SLATE = CachedSlate("bundle|3 events", 1_700_000_000.25, b'{"items":[]}')
KEYS = ("/api/recommend/u1?k=5", "", "a b\nc\x00d", "*", "é😀", "x" * 5000)


class CacheKit:
    """Every promise of a ``SlateCache`` is a test."""

    def test_what_was_put_is_got_whole(self, cache: SlateCache) -> None:
        for key in KEYS:
            cache.put(key, replace(SLATE, mark=key))
        for key in KEYS:
            assert cache.get(key) == replace(SLATE, mark=key)

    def test_what_was_never_put_is_not_there(self, cache: SlateCache) -> None:
        cache.put("one", SLATE)
        assert cache.get("two") is None

    def test_the_later_answer_stands(self, cache: SlateCache) -> None:
        for body in (b"first", b"", b"\x00\xff last"):
            cache.put("one", replace(SLATE, body=body))
            assert cache.get("one") == replace(SLATE, body=body)

    def test_a_cleared_cache_is_empty_and_takes_more(self, cache: SlateCache) -> None:
        for key in KEYS:
            cache.put(key, SLATE)
        cache.clear()
        assert [cache.get(key) for key in KEYS] == [None] * len(KEYS)
        cache.put("one", SLATE)
        assert cache.get("one") == SLATE

    def test_threads_do_not_mix_up_answers(self, cache: SlateCache) -> None:
        def put_and_get(at: int) -> bool:
            mine = replace(SLATE, mark=str(at), body=str(at).encode() * 100)
            cache.put(f"key {at}", mine)
            return cache.get(f"key {at}") == mine

        with ThreadPoolExecutor(8) as pool:
            assert all(pool.map(put_and_get, range(400)))
