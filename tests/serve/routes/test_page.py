"""The shop page, the page of the API, pictures."""

from xml.etree import ElementTree

import httpx
import pytest

from slatewright.store.shop import Shop
from tests.serve.conftest import client_of


def test_the_page_says_whose_shop_it_is(reader: httpx.Client, trained_shop: Shop) -> None:
    about = reader.get("/api/shop").json()
    assert about["name"] == "Larch & Daughters"
    assert about["items"] == 80
    assert 100 < about["users"] <= 150
    assert "Kitchen" in about["categories"]
    assert len(about["examples"]) == 6
    assert all(reader.get(f"/api/recommend/{user}").json()["fallback"] is None for user in about["examples"])


@pytest.mark.parametrize("page", ["/", "/docs"])
def test_pages_need_nothing_from_elsewhere(reader: httpx.Client, page: str) -> None:
    text = reader.get(page).text
    assert "<script>" not in text
    assert "style=" not in text
    for mark in ('src="', 'href="'):
        for address in (part.split('"')[0] for part in text.split(mark)[1:]):
            assert address[0] in "/#"
            if address.startswith("/"):
                assert reader.get(address).status_code == 200


def test_history_is_newest_first_without_repeats(reader: httpx.Client) -> None:
    items = [one["item_id"] for one in reader.get("/api/history/u00003", params={"k": 5}).json()]
    assert 0 < len(items) <= 5
    assert len(set(items)) == len(items)
    assert reader.get("/api/history/nobody").json() == []


def test_every_item_has_a_picture(reader: httpx.Client) -> None:
    for item in reader.get("/api/recommend/u00003", params={"k": 20}).json()["items"]:
        picture = reader.get(item["image"])
        assert picture.headers["content-type"] == "image/svg+xml"
        assert ElementTree.fromstring(picture.text).tag.endswith("svg")  # noqa: S314


def test_pictures_are_there_without_the_shop_page(shop: Shop) -> None:
    settings = shop.root / "slatewright.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace("[serve]", "[serve]\npage = false"), encoding="utf-8"
    )
    with client_of(Shop.open(shop.root)) as client:
        assert client.get("/").status_code == 404
        item = client.get("/api/recommend/u00003", params={"k": 1}).json()["items"][0]
        assert client.get(item["image"]).headers["content-type"] == "image/svg+xml"


def test_a_picture_of_nothing_known_is_drawn_too(reader: httpx.Client) -> None:
    picture = reader.get("/pictures/%3Cscript%3E%2F%26.svg")
    assert picture.status_code == 200
    assert "<script>" not in picture.text


def test_openapi_describes_every_promised_call(reader: httpx.Client) -> None:
    paths = reader.get("/openapi.json").json()["paths"]
    assert set(paths) == {
        "/api/recommend/{user_id}",
        "/api/session/recommend",
        "/api/item-to-item/{item_id}",
        "/api/items",
        "/api/page/{user_id}",
        "/api/session/page",
        "/api/events",
        "/api/users",
        "/api/why/{user_id}/{item_id}",
        "/api/why-not/{user_id}/{item_id}",
        "/api/slates",
        "/api/slates/{slate_id}",
        "/api/slates/{slate_id}/why/{item_id}",
        "/api/health/live",
        "/api/health/ready",
        "/metrics",
    }
    assert all(about["description"] for verbs in paths.values() for about in verbs.values())
