"""Slates that were answered are asked again, as they were then."""

from typing import Any

import httpx
import pytest

from slatewright.pipeline.policy.policy_file import POLICY
from slatewright.serve.keys import Scope
from slatewright.store.shop import Shop
from tests.browsing import FLAGS
from tests.serve.conftest import client_of
from tests.serve.guarding.test_key_check import given_key
from tests.serve.test_live_bundle import until


def kept(client: httpx.Client, slate_id: str) -> dict[str, Any]:
    """A kept slate; the writer may be a moment behind the answer."""
    until(lambda: client.get(f"/api/slates/{slate_id}").status_code == 200)
    answer: dict[str, Any] = client.get(f"/api/slates/{slate_id}").json()
    return answer


def test_a_slate_is_told_as_it_was_when_it_was_answered(client: httpx.Client) -> None:
    slate = client.get("/api/recommend/u00003", params={"k": 5, "surface": "home"}).json()
    first = slate["items"][0]["item_id"]
    client.post("/api/events", json={"interactions": [{"user_id": "u00003", "item_id": first}]}).raise_for_status()
    assert first not in [item["item_id"] for item in client.get("/api/recommend/u00003").json()["items"]]
    told = kept(client, slate["slate_id"])
    assert (told["version"], told["user_id"], told["surface"]) == (slate["version"], "u00003", "home")
    assert [item["item_id"] for item in told["slate"]] == [item["item_id"] for item in slate["items"]]
    assert first not in [item["item_id"] for item in told["history"]]
    why = client.get(f"/api/slates/{slate['slate_id']}/why/{first}").json()
    assert (why["shown"], why["position"]) == (True, 1)
    assert why["score"] == pytest.approx(slate["items"][0]["score"])
    assert client.get(f"/api/why/u00003/{first}").json()["dropped_by"] == ["seen"]


def test_a_slate_names_the_rules_of_then_after_they_have_changed(shop: Shop) -> None:
    with client_of(shop) as client:
        best = client.get("/api/recommend/u00003").json()["items"][0]["item_id"]
        policy = f'[[rule]]\nexclude = \'id == "{best}"\'\nname = "withdrawn"\n'
        (shop.root / POLICY).write_text(policy, encoding="utf-8")
        until(lambda: client.get(f"/api/why/u00003/{best}").json()["rules"] == ["withdrawn"])
        slate = client.get("/api/recommend/u00003").json()["slate_id"]
        assert kept(client, slate)["policy"] == policy
        (shop.root / POLICY).write_text("[[rule]]\nexclude = 'price > 1e6'\n", encoding="utf-8")
        until(lambda: client.get(f"/api/why/u00003/{best}").json()["rules"] == [])
        assert kept(client, slate)["policy"] == policy
        assert client.get(f"/api/slates/{slate}/why/{best}").json()["rules"] == ["withdrawn"]
        assert "withdrawn" in client.get(f"/slates/{slate}").text


def test_the_latest_slates_are_listed_newest_first(client: httpx.Client) -> None:
    ids = [client.get(f"/api/recommend/{user}").json()["slate_id"] for user in ("u00001", "u00002", "u00001?k=3")]
    kept(client, ids[-1])
    listed = client.get("/api/slates").json()
    assert [one["slate_id"] for one in listed] == ids[::-1]
    assert all(one["time"].startswith("20") for one in listed)
    of_one = client.get("/api/slates", params={"user_id": "u00001", "last": 1}).json()
    assert [one["slate_id"] for one in of_one] == [ids[2]]


def test_every_answer_of_a_slate_finds_how_it_came_about(client: httpx.Client) -> None:
    first, second = (client.get("/api/recommend/u00003").json() for _ in range(2))
    told = [kept(client, one["slate_id"]) for one in (first, second)]
    assert first["slate_id"] != second["slate_id"]
    assert told[0].pop("slate_id") != told[1].pop("slate_id")
    assert told[0] == told[1]


def test_the_rows_of_a_page_are_kept_too(client: httpx.Client) -> None:
    rows = client.get("/api/page/u00003").json()["rows"]
    for row in rows:
        told = kept(client, row["slate"]["slate_id"])
        assert [item["item_id"] for item in told["slate"]] == [item["item_id"] for item in row["slate"]["items"]]


def test_an_unknown_slate_is_not_there(client: httpx.Client) -> None:
    for path in ("/api/slates/none", "/api/slates/none/why/i", "/slates/none"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "'none' is kept" in answer.json()["detail"]


@pytest.mark.browser
def test_the_page_shows_the_four_stages_and_answers_why(chromium: str, shop: Shop) -> None:
    sync = pytest.importorskip("playwright.sync_api")
    with client_of(shop) as client, sync.sync_playwright() as driver:
        slate = client.get("/api/recommend/u00003", params={"k": 5}).json()
        kept(client, slate["slate_id"])
        browser = driver.chromium.launch(executable_path=chromium, args=list(FLAGS))
        page, said = browser.new_page(base_url=str(client.base_url)), list[str]()
        page.on("console", lambda message: said.append(message.text))
        page.goto("/slates")
        page.get_by_role("link", name=slate["slate_id"]).click()
        assert page.locator(".stages").evaluate("one => getComputedStyle(one).display") == "grid"  # the style is let in
        title = slate["items"][1]["title"]
        page.locator("ol.slate").get_by_role("link", name=title).first.click()
        assert page.get_by_role("heading", name=f"{title}: position 2").is_visible()
        browser.close()
    assert said == []


@pytest.mark.browser
def test_on_a_phone_the_list_is_read_without_scrolling_to_the_right(chromium: str, shop: Shop) -> None:
    sync = pytest.importorskip("playwright.sync_api")
    with client_of(shop) as client, sync.sync_playwright() as driver:
        slate = client.get("/api/recommend/u00003").json()
        kept(client, slate["slate_id"])
        browser = driver.chromium.launch(executable_path=chromium, args=list(FLAGS))
        page = browser.new_page(base_url=str(client.base_url), viewport={"width": 390, "height": 844})
        page.goto("/slates")
        for told in (slate["slate_id"], "u00003", slate["version"]):
            box = page.get_by_role("cell", name=told).bounding_box()
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= 390
        assert page.locator(".wrap").evaluate("one => one.scrollWidth <= one.clientWidth")
        browser.close()


@pytest.mark.browser
def test_where_a_key_is_asked_for_the_pages_open_with_one_that_stands_in_no_address(chromium: str, shop: Shop) -> None:
    sync = pytest.importorskip("playwright.sync_api")
    admin, reads = given_key(shop, Scope.ADMIN), given_key(shop, Scope.READ)
    with client_of(shop) as client, sync.sync_playwright() as driver:
        client.headers.update(admin)
        slate = client.get("/api/recommend/u00003", params={"k": 5}).json()
        kept(client, slate["slate_id"])
        browser = driver.chromium.launch(executable_path=chromium, args=list(FLAGS))
        context = browser.new_context(base_url=str(client.base_url))
        page, broken, asked = context.new_page(), list[str](), list[str]()
        page.on("pageerror", lambda error: broken.append(str(error)))
        page.on("console", lambda one: broken.append(one.text) if "Content Security" in one.text else None)
        page.on("request", lambda request: asked.append(request.url))
        page.goto("/slates?last=50")
        assert page.get_by_text(slate["slate_id"]).count() == 0
        for wrong, said in (("no key of ours", "opens nothing here"), (reads["X-API-Key"], "lacks the scope admin")):
            page.get_by_label("Key").fill(wrong)
            page.get_by_role("button", name="Open").click()
            page.get_by_text(said).wait_for()
        page.get_by_label("Key").fill(admin["X-API-Key"])
        page.keyboard.press("Enter")
        page.get_by_role("link", name=slate["slate_id"]).click()
        page.locator(".stages").wait_for()
        assert page.locator(".stages").evaluate("one => getComputedStyle(one).display") == "grid"
        title = slate["items"][1]["title"]
        page.locator("ol.slate").get_by_role("link", name=title).first.click()
        page.get_by_role("heading", name=f"{title}: position 2").wait_for()
        page.reload()
        page.get_by_role("heading", name=f"{title}: position 2").wait_for()
        page.go_back()
        page.go_back()
        page.get_by_role("heading", name="The latest slates").wait_for()
        other = context.new_page()  # another tab knows nothing of it
        other.goto("/slates")
        other.get_by_label("Key").wait_for()
        page.get_by_role("button", name="Forget the key").click()
        page.get_by_label("Key").wait_for()
        assert context.cookies() == []
        browser.close()
    assert broken == []
    assert not [url for url in asked if admin["X-API-Key"] in url]


def test_nothing_is_kept_where_the_settings_say_so(shop: Shop) -> None:
    settings = shop.root / "slatewright.toml"
    settings.write_text(settings.read_text().replace("[serve]", "[serve]\nexplain_mb = 0"))
    with client_of(Shop.open(shop.root)) as client:
        client.get("/api/recommend/u00003").raise_for_status()
        assert client.get("/api/slates").json() == []
    assert not (shop.root / "log" / "slates.sqlite").exists()
