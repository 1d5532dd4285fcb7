import logging
from pathlib import Path

import pytest

from slatewright.core.errors import Unreachable
from slatewright.core.redis_client import PAUSE, RedisClient

LOG = logging.getLogger("slatewright.tests")


def test_a_server_that_is_away_is_asked_once_in_a_while(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    now, asked = [0.0], []
    client = RedisClient(f"unix://{tmp_path}/nobody", why="tea", patience=0.1, log=LOG, clock=lambda: now[0])

    def question() -> str:
        asked.append(now[0])
        return str(client.redis.get("key"))

    for instant in (0.0, PAUSE / 2, PAUSE * 1.5):
        now[0] = instant
        assert client.ask(question, "otherwise") == "otherwise"
    assert asked == [0.0, PAUSE * 1.5]
    assert client.failures == 2
    assert "there is no tea for now" in caplog.text
    with pytest.raises(Unreachable, match="there is no tea"):
        client.insist(question)
    client.close()


def test_its_going_and_its_coming_back_are_told(caplog: pytest.LogCaptureFixture) -> None:
    now, answers = [0.0], iter(["", "one", "two"])
    client = RedisClient("unix:///nobody", why="tea", patience=0.1, log=LOG, clock=lambda: now[0])

    def question() -> str:
        answer = next(answers)
        if not answer:
            raise OSError("gone")
        return answer

    for instant, expected in ((0.0, "otherwise"), (PAUSE, "one"), (PAUSE * 2, "two")):
        now[0] = instant
        assert client.ask(question, "otherwise") == expected
    told = [record.message for record in caplog.records]
    assert told == [
        "Redis does not answer, so that there is no tea for now: gone",
        "Redis answers again: there is tea as before",
    ]
    client.close()


@pytest.mark.redis
def test_keys_are_removed_by_how_they_begin_to_the_letter(redis_url: str) -> None:
    client = RedisClient(redis_url, why="tests", patience=5.0, log=LOG)
    client.redis.flushall()
    for key in ("a*:1", "a*:2", "a*:kept", "ab:1", "a:1"):
        client.redis.set(key, 1)
    client.delete("a*:", keep=lambda key: key.endswith(b"kept"))
    assert sorted(client.redis.keys()) == [b"a*:kept", b"a:1", b"ab:1"]
    assert client.ask(lambda: client.redis.get("a:1"), None) == b"1"
    client.redis.flushall()
    client.close()
