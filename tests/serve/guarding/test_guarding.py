"""What every request passes: headers, limits, keys, encoded paths."""

import httpx
import pytest

from slatewright.serve.running import API_KEY
from slatewright.store.shop import Shop
from tests.serve.conftest import client_of


@pytest.mark.parametrize("path", ["/", "/docs", "/api/recommend/u1", "/static/shop.js", "/nowhere", "/metrics"])
def test_every_answer_forbids_foreign_code(reader: httpx.Client, path: str) -> None:
    headers = reader.get(path).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


def test_images_may_come_from_the_hosts_of_the_settings(shop: Shop) -> None:
    settings = shop.root / "slatewright.toml"
    settings.write_text(settings.read_text() + 'image_hosts = ["https://cdn.example"]\n')
    with client_of(Shop.open(shop.root)) as client:
        assert "img-src 'self' https://cdn.example;" in client.get("/").headers["content-security-policy"]


def test_with_a_key_the_api_asks_for_it_and_there_is_no_page(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(API_KEY, "sésame")
    with client_of(shop) as client:
        assert client.get("/api/recommend/u1").status_code == 401
        assert client.get("/api/recommend/u1", headers={"X-API-Key": "guess"}).status_code == 401
        assert client.get("/%61pi/recommend/u1").status_code == 404
        assert client.get("/api/recommend/u1", headers=[(b"X-API-Key", "sésame".encode())]).status_code == 200
        assert client.get("/api/health/live").status_code == 200
        assert client.get("/").status_code == 404


def test_an_unknown_path_is_refused_in_the_same_shape(reader: httpx.Client) -> None:
    assert reader.get("/api/nothing").json() == {"detail": "Not Found", "errors": []}
    assert reader.post("/api/recommend/u1").status_code == 405
