"""The shop page in a real headless Chromium: slots, titled rows, clicks that come back, slots that react."""

from collections.abc import Iterator
from typing import Any

import httpx
import polars as pl
import pytest

from slatewright.store.shop import Shop
from tests.serve.conftest import client_of
from tests.serve.test_live_bundle import until

from .looking import comes_true

pytestmark = pytest.mark.browser

SLOTS = ("slate-banner", "slate-page slate-carousel", "slate-grid")


@pytest.fixture
def page(browser: Any, shop: Shop) -> Iterator[Any]:
    """A page on the server of this test's shop; it fails when the page complains about anything."""
    complaints: list[str] = []
    with client_of(shop) as client:
        opened = browser.new_page(base_url=str(client.base_url), viewport={"width": 1280, "height": 1700})
        opened.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        opened.on("pageerror", lambda error: complaints.append(str(error)))
        opened.client = client
        yield opened
        opened.close()
    assert complaints == []


def visit(page: Any, path: str) -> None:
    page.goto(path)
    turn(page, 1)


def turn(page: Any, number: int) -> None:
    """Wait until the slots have been filled so often."""
    page.wait_for_selector(f"body[data-turn='{number}']")


def shown_in(page: Any, slot: str) -> list[str]:
    ids: list[str] = page.eval_on_selector_all(f"{slot} [data-item]", "them => them.map(one => one.dataset.item)")
    return ids


def shown(page: Any) -> list[str]:
    return [item for slot in SLOTS for item in shown_in(page, slot)]


def recorded(page: Any, shop: Shop, table: str) -> pl.DataFrame:
    """The events of the page, once the server has moved them all to the log."""
    client: httpx.Client = page.client
    until(lambda: client.get("/api/health/ready").json()["pending"] == 0)
    return shop.log.scan(table).collect()


def slate_of(page: Any, slot: str) -> str:
    return str(page.eval_on_selector(slot, "slot => slot.slate.slate_id"))


def test_banner_rows_and_grid_are_filled_without_repeats(page: Any) -> None:
    visit(page, "/?user=u00003")
    assert len(shown_in(page, "slate-banner")) == 1
    assert len(shown_in(page, "slate-grid")) == 12
    rows = page.client.get("/api/page/u00003", params={"k": 12, "exclude": shown_in(page, "slate-banner")}).json()[
        "rows"
    ]
    assert [one["title"] for one in rows] == page.locator("slate-page slate-carousel h2").all_inner_texts()
    assert [item["item_id"] for one in rows for item in one["slate"]["items"]] == shown_in(page, SLOTS[1])
    assert len(set(shown(page))) == len(shown(page)) > 25
    assert page.title() == "Larch & Daughters"
    comes_true(page, "document.querySelector('slate-page slate-carousel').shadowRoot.querySelector('img').complete")
    assert (
        page.eval_on_selector_all("img", "all => all.filter(one => one.complete && one.naturalWidth === 0).length") == 0
    )


def test_a_click_posts_the_event_and_the_slots_react(page: Any, shop: Shop) -> None:
    visit(page, "/?user=u00003")
    slate = slate_of(page, SLOTS[1])
    item = shown_in(page, SLOTS[1])[0]
    page.locator(f"{SLOTS[1]} .open").first.click()
    turn(page, 2)
    assert item not in shown(page)
    assert slate_of(page, SLOTS[1]) != slate
    assert page.locator("#seen [data-item]").first.get_attribute("data-item") == item
    assert page.locator("dialog[open] .reasons li").count() >= 1
    page.wait_for_selector("dialog[open] slate-carousel[state='filled']")
    assert item not in shown_in(page, "dialog slate-carousel")
    clicks = recorded(page, shop, "interactions").filter(pl.col("slate_id") == slate)
    assert clicks.select("user_id", "item_id", "kind").rows() == [("u00003", item, "view")]


def test_clicks_join_the_impression_that_caused_them(page: Any, shop: Shop) -> None:
    visit(page, "/?user=u00003")
    before = shown_in(page, "slate-grid")
    page.locator("slate-grid .add").first.click()
    turn(page, 2)
    assert page.inner_text("#basket") == "1"
    clicks = recorded(page, shop, "interactions").filter(pl.col("slate_id").is_not_null())
    joined = clicks.join(recorded(page, shop, "impressions"), on="slate_id", suffix="_shown").row(0, named=True)
    assert (joined["kind"], joined["slot"], joined["surface"]) == ("cart", "grid", "home")
    assert joined["item_ids"] == before
    assert joined["item_id"] == before[0]
    assert len(joined["sources"]) == len(joined["item_ids"])


def test_a_newcomer_becomes_somebody(page: Any) -> None:
    visit(page, "/?user=never-seen")
    assert "popular right now" in page.inner_text("slate-banner [part='heading']").lower()
    assert page.locator("#seen").is_hidden()
    page.locator(f"{SLOTS[1]} .add").first.click()
    turn(page, 2)
    assert "picked for you" in page.inner_text("slate-banner [part='heading']").lower()
    assert page.locator("#seen [data-item]").count() == 1


def test_a_category_fills_the_grid_with_its_own(page: Any) -> None:
    visit(page, "/?user=u00003")
    page.click(".chip:text-is('Kitchen')")
    turn(page, 2)
    kitchen = page.client.get("/api/recommend/u00003", params={"k": 80, "category": "Kitchen"}).json()["items"]
    assert set(shown_in(page, "slate-grid")) <= {item["item_id"] for item in kitchen}
    assert page.get_attribute(".chip:text-is('Kitchen')", "aria-pressed") == "true"


def test_it_can_be_used_with_the_keyboard_alone(page: Any) -> None:
    visit(page, "/?user=u00003")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.locator("slate-grid .open").first.focus()
    page.keyboard.press("Enter")
    turn(page, 2)
    assert page.locator("dialog[open]").count() == 1
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0
    unnamed = "them => them.filter(one => !(one.textContent.trim() || one.ariaLabel)).length"
    assert page.eval_on_selector_all("button", unnamed) == 0


def test_the_page_of_the_api_can_be_tried(page: Any) -> None:
    page.goto("/docs")
    page.click("summary:has-text('/api/recommend/{user_id}')")
    form = page.locator("details[open]")
    form.locator("input[name='user_id']").fill("a/b c")
    form.locator("input[name='k']").fill("3")
    form.locator("button.send").click()
    page.wait_for_selector("details[open] pre:not([hidden])")
    answer = form.locator("pre").inner_text()
    assert "200 in" in answer
    assert '"user_id": "a/b c"' in answer
    assert '"fallback": "newcomer"' in answer
