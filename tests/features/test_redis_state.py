import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from slatewright.features.counters import Counters
from slatewright.features.redis_state import RedisState
from slatewright.features.state import Arrival
from slatewright.testing import states
from slatewright.testing.states import BOUND, BUNDLE, NOTHING, StateKit, arrivals, happened, read

pytestmark = pytest.mark.redis


@pytest.fixture
def server(redis_url: str) -> Iterator[redis.Redis]:
    """The server, empty."""
    with redis.Redis.from_url(redis_url) as client:
        client.flushall()
        yield client


@pytest.mark.usefixtures("server")
class TestRedisState(StateKit):
    @pytest.fixture(autouse=True)
    def address(self, redis_url: str) -> None:
        self.url = redis_url

    def make(self, counters: Counters, label: str = "b1") -> RedisState:
        return RedisState(self.url, BOUND.layout, counters, shop="shop", label=label)

    def test_processes_share_what_they_count(self) -> None:
        one, other = self.make(BUNDLE), self.make(BUNDLE)
        frames = [happened(20, rng=at) for at in range(2)]
        one.begin(Arrival("j", 0, 0, NOTHING))
        first, second = arrivals(frames)
        assert one.apply(first)
        assert other.position("j") == first.upto
        assert other.apply(second)
        assert not one.apply(second)
        states.same(read(one), self.wanted(*frames))
        states.same(read(other), read(one))

    def test_bundles_do_not_mix_and_only_the_newest_stay(self, server: redis.Redis) -> None:
        for at in range(4):
            state = self.make(BUNDLE, label=f"b{at}")
            assert state.position("j") is None
            state.begin(Arrival("j", 0, 5, BOUND.happened(happened(5, rng=at)).acts))
            state.begin(Arrival("j", 0, 5, BOUND.happened(happened(5, rng=at)).acts))
            states.same(read(state), self.wanted(happened(5, rng=at)))
        labels = {str(key).split(":")[3] for key in server.keys("slatewright:counts:shop:b*")}
        assert labels == {"b2", "b3"}
        assert len(server.keys("*:b3:*:at:j")) == 1, "what a second beginning replaced is gone"

    def test_a_server_that_was_emptied_begins_anew(self, server: redis.Redis) -> None:
        state = self.make(BUNDLE)
        state.begin(Arrival("j", 0, 5, BOUND.happened(happened(5, rng=1)).acts))
        server.flushall()
        assert state.position("j") is None
        states.same(read(state), read(BUNDLE))


def test_without_a_server_the_bundle_answers_and_nobody_waits_twice(tmp_path: Path) -> None:
    now = [0.0]
    path = tmp_path / "silent.sock"
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(path))
        silent.listen()  # it takes connections and never answers
        state = RedisState(f"unix://{path}", BOUND.layout, BUNDLE, shop="s", label="b", clock=lambda: now[0])
        asked = [0]
        original = state._redis.get

        def get(key: str) -> object:
            asked[0] += 1
            return original(key)

        state._redis.get = get
        assert state.position("j") is None
        assert state.position("j") is None
        assert asked == [1]
        states.same(read(state), read(BUNDLE))
        now[0] += 2
        assert state.position("j") is None
        assert asked == [2]
        state.close()
