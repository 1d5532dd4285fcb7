"""Keys: what they open, how they are kept, how often they may ask."""

import hashlib
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slatewright.core.errors import BadInput
from slatewright.serve.keys import Key, Keyring, Scope, made, needed
from slatewright.serve.keys.buckets import Bucket
from slatewright.serve.keys.key_file import change_keys, read_keys

THEN = "2024-04-01T00:00:00+00:00"


def kept(path: Path, *scopes: Scope, **limits: float) -> tuple[Key, str]:
    key, text = made("storefront", scopes, THEN, **limits)  # type: ignore[arg-type]
    change_keys(path, lambda keys: [*keys, key])
    return key, text


def test_only_the_sum_of_a_key_is_kept_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    key, text = kept(tmp_path / "keys.json", Scope.READ)
    content = (tmp_path / "keys.json").read_text()
    assert text not in content
    assert text.rpartition("_")[2] not in content
    assert hashlib.sha256(text.encode()).hexdigest() in content
    assert stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o600
    assert read_keys(tmp_path / "keys.json") == (key,)


def test_two_keys_are_never_alike() -> None:
    assert len({made("one", [Scope.READ], THEN)[1] for _ in range(100)}) == 100


@pytest.mark.parametrize(
    ("name", "scopes", "limits", "said"),
    [
        ("", [Scope.READ], {}, "the name of a key"),
        ("a\nb", [Scope.READ], {}, "the name of a key"),
        ("shop", [], {}, "must have a scope"),
        ("shop", [Scope.READ], {"per_second": 0.0}, "per_second must be above 0"),
        ("shop", [Scope.READ], {"per_second": float("nan")}, "per_second must be above 0"),
        ("shop", [Scope.READ], {"burst": 0}, "burst must be at least 1"),
    ],
)
def test_an_impossible_key_is_refused(name: str, scopes: list[Scope], limits: dict[str, float], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        made(name, scopes, THEN, **limits)  # type: ignore[arg-type]


def test_a_key_opens_what_its_scopes_say_and_admin_opens_everything() -> None:
    reads, rules = (made("one", [scope], THEN)[0] for scope in (Scope.READ, Scope.ADMIN))
    assert [reads.may(scope) for scope in Scope] == [True, False, False]
    assert all(rules.may(scope) for scope in Scope)


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", "/api/recommend/u1", Scope.READ),
        ("POST", "/api/session/recommend", Scope.READ),
        ("POST", "/api/events", Scope.WRITE),
        ("POST", "/api/items", Scope.ADMIN),
        ("POST", "/api/users", Scope.WRITE),
        ("POST", "/api/something/new", Scope.ADMIN),
        ("DELETE", "/api/recommend/u1", Scope.ADMIN),
        ("POST", "/api/events/", Scope.ADMIN),
        ("GET", "/api/slates", Scope.ADMIN),
        ("GET", "/api/slates/s1/why/i1", Scope.ADMIN),
        ("GET", "/slates/s1", Scope.ADMIN),
        ("GET", "/slates.css", None),
        ("GET", "/api/health/ready", None),
        ("GET", "/docs", None),
    ],
)
def test_what_nobody_thought_of_is_administrative(method: str, path: str, scope: Scope | None) -> None:
    assert needed(method, path) == scope


def test_a_ring_follows_its_file(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    ring = Keyring(path)
    locked = [ring.locked]
    first, text = kept(path, Scope.READ)
    ring.look()
    assert [*locked, ring.locked] == [False, True]
    assert (held := ring.find(text)) is not None
    assert held.key == first
    assert ring.find(text + "x") is None
    _, second = kept(path, Scope.WRITE)
    change_keys(path, lambda keys: [key for key in keys if key != first])
    ring.look()
    assert ring.find(text) is None
    assert ring.find(second) is not None


def test_a_broken_file_changes_nothing_and_a_lost_one_locks_everybody_out(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    _, text = kept(path, Scope.READ)
    ring = Keyring(path, "sesame")
    path.write_text('{"format": 1, "keys": [{}]}')
    with pytest.raises(BadInput, match="is not a file of keys"):
        ring.look()
    ring.look()  # told once
    assert ring.find(text) is not None
    path.unlink()
    ring.look()
    assert ring.locked
    assert ring.find(text) is None
    assert ring.find("sesame") is not None
    path.write_text("[]")
    with pytest.raises(BadInput, match="is not a file of keys"):
        Keyring(path)


def test_a_ring_without_any_key_left_lets_nobody_in(tmp_path: Path) -> None:
    _, text = kept(tmp_path / "keys.json", Scope.READ)
    change_keys(tmp_path / "keys.json", lambda _: [])
    ring = Keyring(tmp_path / "keys.json")
    assert ring.locked
    assert ring.find(text) is None


def test_a_bucket_that_has_been_drawn_from_survives_another_look(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    _, text = kept(path, Scope.READ, per_second=1.0, burst=1)
    ring = Keyring(path)
    assert (held := ring.find(text)) is not None
    assert held.wait(100.0) == 0.0
    kept(path, Scope.READ)
    ring.look()
    assert (held := ring.find(text)) is not None
    assert held.wait(100.25) == pytest.approx(0.75)


@given(st.floats(0.1, 100), st.integers(1, 20), st.lists(st.floats(0, 3, allow_nan=False), min_size=1, max_size=60))
def test_a_bucket_never_lets_through_more_than_its_rate(rate: float, burst: int, gaps: list[float]) -> None:
    bucket, now, let = Bucket(rate, burst, float(burst), 0.0), 0.0, 0
    for gap in gaps:
        now += gap
        wait = bucket.take(now)
        let += wait == 0
        assert let <= burst + rate * now + 1e-6
        if wait > 0:  # whoever waits as told is let through
            now += wait + 1e-9
            assert bucket.take(now) == 0
            let += 1
