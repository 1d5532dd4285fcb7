"""Buckets that several workers draw from are like one bucket."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slatewright.core.errors import Busy
from slatewright.serve.keys import Key, Keyring, Scope, made
from slatewright.serve.keys.buckets import Bucket
from slatewright.serve.keys.key_file import change_keys
from slatewright.serve.workers import shared_buckets
from slatewright.serve.workers.shared_buckets import SIZE, SharedBuckets
from tests.serve.workers.crews import crews


def key(number: int, per_second: float | None = 2.0, burst: int = 3) -> Key:
    return Key(f"{number}", "shop", frozenset({Scope.READ}), f"{number:016x}" + 48 * "0", "", per_second, burst)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("buckets")


@given(
    st.lists(st.tuples(st.integers(0, 1), st.floats(0, 3)), max_size=30),
    st.floats(0.1, 5),
    st.integers(1, 4),
)
def test_two_workers_draw_what_one_would(
    folder: Path, asked: list[tuple[int, float]], per_second: float, burst: int
) -> None:
    alone, now = Bucket(per_second, burst, float(burst), 0.0), 100.0
    with crews(folder) as workers:
        buckets = [worker.buckets.of(key(7, per_second, burst)) for worker in workers]
        for worker, later in asked:
            now += later
            assert buckets[worker].take(now) == pytest.approx(alone.take(now))


def test_keys_of_one_place_have_buckets_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_buckets, "_PLACES", 4)
    with crews(tmp_path) as (one, other):
        for number in (1, 5, 2):  # 1 and 5 begin at the same place
            assert one.buckets.of(key(number, burst=1)).take(1.0) == 0
            assert other.buckets.of(key(number, burst=1)).take(1.0) == pytest.approx(0.5)
        other.buckets.of(key(9))
        with pytest.raises(Busy, match="4 keys with a limit were used since this server was started"):
            one.buckets.of(key(13))
        with pytest.raises(ValueError, match="has no limit"):
            one.buckets.of(key(1, per_second=None))


def test_what_is_drawn_stays_drawn_when_a_worker_is_started_again(tmp_path: Path) -> None:
    with (tmp_path / "buckets").open("w+b") as file:
        file.truncate(SIZE)
        before = SharedBuckets(file.fileno())
        assert before.of(key(3, burst=1)).take(5.0) == 0
        before.close()
        after = SharedBuckets(file.fileno())
        assert after.of(key(3, burst=1)).take(5.0) > 0
        after.close()


def test_rings_of_two_workers_count_a_key_together(tmp_path: Path) -> None:
    limited, text = made("storefront", [Scope.READ], "2024-03-01", per_second=1.0, burst=2)
    free, other_text = made("batch", [Scope.READ], "2024-03-01")
    change_keys(tmp_path / "keys.json", lambda _: (limited, free))
    with crews(tmp_path) as workers:
        rings = [Keyring(tmp_path / "keys.json", None, worker.buckets) for worker in workers]
        found = [ring.find(text) for ring in rings]
        assert [one is not None and one.wait(9.0) for one in (*found, *found)] == [0.0, 0.0, 1.0, 1.0]
        assert {one.wait(9.0) for ring in rings for _ in range(9) if (one := ring.find(other_text))} == {0.0}
