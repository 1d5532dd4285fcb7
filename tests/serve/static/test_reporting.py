"""What slots tell the server: that they were really seen, and what was opened."""

import json

import polars as pl
import pytest
from playwright.sync_api import Page, Route

from slatewright.store.shop import Shop
from tests.serve.test_live_bundle import until

from .conftest import Show, recorded
from .looking import BANNER, CAROUSEL, GRID, TURNED, Sent, filled, ids, impressions, listening, looked_at, slate_id

pytestmark = pytest.mark.browser


def test_seen_is_half_of_it_for_a_second_and_once(show: Show, sent: Sent, open_shop: tuple[Shop, str]) -> None:
    page = show(f"{BANNER}{CAROUSEL}<div class=tall></div>{GRID}", before=listening(sent, still=True))
    for slot in ("slate-banner", "slate-carousel", "slate-grid"):
        filled(page, slot)
    page.evaluate("addEventListener('slate-shown', (one) => (window.said ??= []).push(one.detail.slot))")
    for slot in ("slate-banner", "slate-carousel"):
        looked_at(page, slot)
    page.clock.run_for(900)
    assert sent == []
    page.clock.run_for(150)
    assert sorted(page.evaluate("said")) == ["hero", "row"]
    with page.expect_request("**/api/events") as told:
        page.clock.run_for(300)
    assert len(sent) == 1, "those that were seen together are told together"
    told_of = {one["slot"]: one for one in impressions(sent)}
    assert set(told_of) == {"hero", "row"}
    row = told_of["row"]
    assert row["item_ids"] == ids(page, "slate-carousel")
    assert (row["slate_id"], row["user_id"], row["surface"]) == (slate_id(page, "slate-carousel"), "u00003", "front")
    told.value.response()
    page.locator("slate-grid").scroll_into_view_if_needed()
    looked_at(page, "slate-grid")
    page.evaluate("scrollTo(0, 0)")
    looked_at(page, "slate-grid")
    page.clock.run_for(3000)  # the grid was there for a blink, the others have been told
    assert len(sent) == 1
    shop, url = open_shop
    kept = recorded(shop, url, "impressions").filter(pl.col("slate_id") == row["slate_id"])
    assert kept.select("item_ids", "sources", "surface", "slot").rows() == [
        (row["item_ids"], row["sources"], "front", "row")
    ]


def test_a_page_behind_another_one_is_not_seen(show: Show, sent: Sent) -> None:
    page = show(CAROUSEL, before=listening(sent, still=True))
    filled(page, "slate-carousel")
    looked_at(page, "slate-carousel")
    page.evaluate(TURNED, "hidden")
    page.clock.run_for(5000)
    assert sent == []
    page.evaluate(TURNED, "visible")
    with page.expect_request("**/api/events"):
        page.clock.run_for(1300)
    assert len(impressions(sent)) == 1


def test_a_grid_that_is_taller_than_two_windows_is_seen_too(show: Show, sent: Sent) -> None:
    page = show(
        '<slate-grid user="u00003" k="40"></slate-grid>',
        before=listening(sent, still=True),
        viewport={"width": 390, "height": 700},
    )
    filled(page, "slate-grid")
    assert page.evaluate("document.querySelector('slate-grid').offsetHeight > 3 * innerHeight")
    looked_at(page, "slate-grid")
    with page.expect_request("**/api/events"):
        page.clock.run_for(1300)
    assert len(impressions(sent)[0]["item_ids"]) == 40


def test_a_click_survives_the_navigation_and_tells_that_the_slate_was_seen(
    show: Show, open_shop: tuple[Shop, str]
) -> None:
    shop, url = open_shop
    page = show(CAROUSEL.replace("user", "k=7 user", 1))
    filled(page, "slate-carousel")
    slate, item = slate_id(page, "slate-carousel"), ids(page, "slate-carousel")[2]
    page.locator("slate-carousel .open").nth(2).click()
    page.wait_for_url(f"**/p/{item}?from={slate}")
    until(lambda: slate in recorded(shop, url, "interactions")["slate_id"])
    clicks = recorded(shop, url, "interactions").filter(pl.col("slate_id") == slate)
    joined = clicks.join(recorded(shop, url, "impressions"), on="slate_id", suffix="_shown")
    assert joined["session_id"].null_count() == 0
    assert joined.select("user_id", "item_id", "kind", "slot").rows() == [("u00003", item, "view", "row")]


def test_a_page_hears_of_clicks_and_may_keep_them(show: Show, sent: Sent) -> None:
    page = show(f"{CAROUSEL}{GRID}", before=listening(sent))
    for slot in ("slate-carousel", "slate-grid"):
        filled(page, slot)
    page.evaluate("""addEventListener("slate-click", (one) => {
      one.preventDefault();
      window.heard = [one.detail.item.item_id, one.detail.position, one.detail.slot, one.target.localName];
    })""")
    with page.expect_request("**/api/events"):
        page.locator("slate-carousel .open").nth(1).click()
    assert page.evaluate("heard") == [ids(page, "slate-carousel")[1], 2, "row", "slate-carousel"]
    assert "/p/" not in page.url
    with page.expect_request("**/api/events"):
        page.locator("slate-grid .open").first.click()  # without an address it is a button
    assert [one["item_id"] for body in sent for one in body["interactions"]] == [
        ids(page, "slate-carousel")[1],
        ids(page, "slate-grid")[0],
    ]


def test_who_may_not_be_told_of_is_not(show: Show, sent: Sent) -> None:
    page = show('<slate-grid reports="none" k="4" basket></slate-grid>', before=listening(sent, still=True))
    filled(page, "slate-grid")
    looked_at(page, "slate-grid")
    page.locator("slate-grid .open").first.click()
    page.locator("slate-grid .add").first.click()
    page.clock.run_for(5000)
    assert sent == []
    assert page.evaluate("Object.keys(sessionStorage).length") == 0


def test_a_visitor_without_a_name_is_known_by_what_was_opened_in_this_tab(show: Show, sent: Sent) -> None:
    page = show('<slate-grid k="6"></slate-grid>', before=listening(sent))
    filled(page, "slate-grid")
    item = ids(page, "slate-grid")[3]
    page.locator("slate-grid .open").nth(3).click()
    with page.expect_request("**/api/session/recommend") as asked:
        page.reload()
    assert json.loads(asked.value.post_data or "")["item_ids"] == [item]
    filled(page, "slate-grid")
    assert item not in ids(page, "slate-grid")
    with page.expect_request("**/api/events"):
        page.locator("slate-grid .open").first.click()
    visitors = {one["user_id"] for body in sent for kind in body.values() for one in kind}
    assert len(visitors) == 1
    assert visitors.pop().startswith("visitor-")


def test_an_event_that_did_not_arrive_is_sent_again_and_counts_once(
    show: Show, sent: Sent, open_shop: tuple[Shop, str]
) -> None:
    def fails_once(route: Route) -> None:
        if len(sent) == 1:
            route.fulfill(status=503, headers={"Retry-After": "2", "Access-Control-Allow-Origin": "*"})
        else:
            route.continue_()

    def before(page: Page) -> None:
        listening(sent, still=True)(page)
        page.route("**/api/events", fails_once)

    page = show('<slate-grid user="u00003" k="3"></slate-grid>', quiet=True, before=before)
    filled(page, "slate-grid")
    item, slate = ids(page, "slate-grid")[0], slate_id(page, "slate-grid")
    with page.expect_response("**/api/events"):
        page.locator("slate-grid .open").first.click()
    page.clock.run_for(500)
    assert len(sent) == 1
    with page.expect_response("**/api/events"):
        page.clock.run_for(61_000)
    assert sent[0] == sent[1]
    kept = recorded(*open_shop, "interactions").filter(pl.col("slate_id") == slate)
    assert kept["item_id"].to_list() == [item]
