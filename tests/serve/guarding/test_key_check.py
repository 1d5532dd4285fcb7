"""Keys over HTTP: scopes, rates, rotation without a restart, the ledger."""

import httpx
import pytest

from slatewright.serve.keys import Key, Scope, made
from slatewright.serve.keys.key_file import change_keys
from slatewright.store.shop import Shop
from tests.serve.conftest import client_of
from tests.serve.test_live_bundle import until

SLATE = "/api/recommend/u00003"


def given_key(shop: Shop, *scopes: Scope, per_second: float | None = None, burst: int | None = None) -> dict[str, str]:
    """The header of a new key."""
    key, text = made("storefront", scopes, "2024-04-01T00:00:00+00:00", per_second, burst)
    change_keys(shop.keys, lambda keys: [*keys, key])
    return {"X-API-Key": text}


def test_a_key_does_what_its_scopes_say(shop: Shop) -> None:
    reads, writes = given_key(shop, Scope.READ), given_key(shop, Scope.WRITE)
    with client_of(shop) as client:
        refused = client.get(SLATE)
        assert refused.status_code == 401
        assert refused.headers["www-authenticate"] == "Bearer"
        assert refused.json() == {"detail": "the header X-API-Key is missing or wrong", "errors": []}
        assert client.get(SLATE, headers=reads).status_code == 200
        assert client.get(SLATE, headers={"Authorization": f"Bearer {reads['X-API-Key']}"}).status_code == 200
        assert client.post("/api/events", json={}, headers=writes).status_code == 200
        for asked in (client.get(SLATE, headers=writes), client.post("/api/events", json={}, headers=reads)):
            assert asked.status_code == 403
        assert client.get("/").status_code == 404


def test_a_browser_is_asked_for_the_key_of_a_page_and_nobody_else_is(shop: Shop) -> None:
    admin = given_key(shop, Scope.ADMIN)
    with client_of(shop) as client:
        for path in ("/slates", "/slates/one?item=i"):
            page = client.get(path, headers={"Accept": "text/html,*/*;q=0.8"})
            assert (page.status_code, page.headers["cache-control"]) == (401, "no-store")
            assert "script-src 'self'; style-src 'self'" in page.headers["content-security-policy"]
            assert 'type="password"' in page.text
            assert client.get(path).json()["detail"] == "the header X-API-Key is missing or wrong"
            wrong = client.get(path, headers={"Accept": "text/html", "X-API-Key": "wrong"})
            assert (wrong.status_code, wrong.headers["content-type"]) == (401, "application/json")
        assert client.get("/api/slates", headers={"Accept": "text/html"}).headers["content-type"] == "application/json"
        opened = client.get("/slates", headers={"Accept": "text/html", **admin})
        assert opened.status_code == 200
        assert "The latest slates" in opened.text


def test_keys_come_and_go_without_a_restart(client: httpx.Client, shop: Shop) -> None:
    assert client.get(SLATE).status_code == 200
    old = given_key(shop, Scope.READ)
    until(lambda: client.get(SLATE).status_code == 401)
    new = given_key(shop, Scope.READ)
    until(lambda: client.get(SLATE, headers=new).status_code == 200)
    assert client.get(SLATE, headers=old).status_code == 200

    def only_the_last(keys: tuple[Key, ...]) -> tuple[Key, ...]:
        return keys[-1:]

    change_keys(shop.keys, only_the_last)
    until(lambda: client.get(SLATE, headers=old).status_code == 401)
    assert client.get(SLATE, headers=new).status_code == 200


def test_a_key_that_asks_too_often_waits_as_told_and_others_do_not(shop: Shop) -> None:
    slow, free = given_key(shop, Scope.READ, per_second=0.001, burst=2), given_key(shop, Scope.READ)
    with client_of(shop) as client:
        answers = [client.get(SLATE, headers=slow) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 429, 429]
        assert 990 <= int(answers[-1].headers["retry-after"]) <= 1000
        assert client.get(SLATE, headers=free).status_code == 200


def test_what_an_administrator_calls_is_in_the_ledger_and_nothing_else_is(shop: Shop) -> None:
    admin, reads = given_key(shop, Scope.ADMIN), given_key(shop, Scope.READ)
    with client_of(shop) as client:
        client.get(SLATE, headers=reads)
        client.get(SLATE, headers=admin)
        assert client.delete(SLATE, headers=reads).status_code == 403
        assert client.delete(SLATE, headers=admin).status_code == 405
    (deed,) = shop.ledger.deeds()
    assert deed["who"] == f"key {admin['X-API-Key'][3:11]} storefront"
    assert deed["status"] == 405
    assert str(deed["what"]).startswith("DELETE")
    assert "u00003" not in str(deed)


@pytest.mark.parametrize(("origin", "allowed"), [("https://larch.example", True), ("https://other.example", False)])
def test_pages_of_the_hosts_in_the_settings_may_ask(shop: Shop, origin: str, allowed: bool) -> None:
    settings = shop.root / "slatewright.toml"
    settings.write_text(settings.read_text() + 'origins = ["https://larch.example"]\n')
    key = given_key(shop, Scope.READ)
    with client_of(Shop.open(shop.root)) as client:
        asked = {
            "Origin": origin,
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "X-API-Key",
        }
        assert client.options(SLATE, headers=asked).is_success is allowed
        for headers in ({"Origin": origin, **key}, {"Origin": origin}):  # a refusal can be read there too
            assert client.get(SLATE, headers=headers).headers.get("access-control-allow-origin") == (
                origin if allowed else None
            )
