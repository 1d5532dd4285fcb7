"""What slots ask the server, and how quietly they fail when it has no answer."""

import json
from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Request, Route

from slatewright.store.shop import Shop

from .conftest import Show
from .looking import GRID, asking, comes_true, filled, ids

pytestmark = pytest.mark.browser


def test_attributes_say_what_is_asked(show: Show, open_shop: tuple[Shop, str]) -> None:
    asked: list[Request] = []
    page = show(
        '<slate-grid like="KIT-0014" user="u00003" key="sw_1" k="3" exclude="KIT-0001 KIT-0002"></slate-grid>'
        '<slate-carousel session=\'["KIT-0014", "a b"]\' category="Coffee & Tea" k="3" exclude-category="Toys">'
        "</slate-carousel>",
        before=asking(asked),
    )
    filled(page, "slate-grid")
    filled(page, "slate-carousel")
    alike = next(one for one in asked if "item-to-item" in one.url)
    assert alike.url.endswith("/api/item-to-item/KIT-0014?k=3&exclude=KIT-0001&exclude=KIT-0002")
    assert alike.headers["x-api-key"] == "sw_1"
    visit = next(one for one in asked if one.url.endswith("/api/session/recommend"))
    assert json.loads(visit.post_data or "") == {
        "item_ids": ["KIT-0014", "a b"],
        "k": 3,
        "category": ["Coffee & Tea"],
        "exclude_category": ["Toys"],
    }
    best = httpx.get(f"{open_shop[1]}/api/item-to-item/KIT-0014", params={"k": 3, "exclude": ["KIT-0001", "KIT-0002"]})
    assert [one["item_id"] for one in best.json()["items"]] == ids(page, "slate-grid")


ALLOW = {"Access-Control-Allow-Origin": "*"}
FAILING: dict[str, Callable[[Route], None]] = {
    "broken": lambda route: route.fulfill(status=500, body="<html>", headers=ALLOW),
    "gone": lambda route: route.abort(),
    "garbage": lambda route: route.fulfill(status=200, body="{]", headers=ALLOW),
    "strange": lambda route: route.fulfill(status=200, body="[]", headers=ALLOW),
    "silent": lambda route: None,
}


def test_a_server_that_fails_leaves_what_the_page_wrote_or_nothing(show: Show) -> None:
    def answer(route: Route) -> None:
        FAILING[next(name for name in FAILING if name in route.request.url)](route)

    body = "".join(
        f'<slate-carousel user="{name}" timeout="150" k="1" rows="1"><p>Bestsellers {name}</p></slate-carousel>'
        f'<slate-grid user="{name}" timeout="150" k="1" rows="1">\n</slate-grid>'
        f'<slate-page user="{name}" timeout="150" k="1" rows="1"><p>The menu {name}</p></slate-page>'
        for name in FAILING
    )
    page = show(body, quiet=True, before=lambda page: page.route("**/api/**", answer))
    for name in FAILING:
        for slot in ("slate-carousel", "slate-grid", "slate-page"):
            filled(page, f"{slot}[user='{name}']", "failed")
        assert page.get_by_text(f"Bestsellers {name}").is_visible()
        assert page.get_by_text(f"The menu {name}").is_visible()
        assert page.locator(f"slate-grid[user='{name}']").is_hidden()
        assert page.locator(f"slate-carousel[user='{name}'] [part='region']").is_hidden()


def test_without_a_script_stands_what_the_page_wrote(show: Show) -> None:
    page = show("<slate-carousel user='u00003'><p>Our bestsellers</p></slate-carousel>", java_script_enabled=False)
    assert page.get_by_text("Our bestsellers").is_visible()


def test_nothing_to_show_is_no_failure(show: Show) -> None:
    page = show('<slate-grid user="u00003" category="Nowhere"><p>All sold</p></slate-grid>')
    filled(page, "slate-grid", "empty")
    assert page.get_by_text("All sold").is_visible()


def test_what_is_shown_stays_when_the_server_goes_away_but_never_for_somebody_else(show: Show) -> None:
    page = show(GRID, quiet=True)
    filled(page, "slate-grid")
    before = ids(page, "slate-grid")
    page.route("**/api/recommend/**", lambda route: route.abort())
    page.eval_on_selector("slate-grid", "slot => slot.refresh()")
    assert ids(page, "slate-grid") == before
    page.eval_on_selector("slate-grid", "slot => slot.setAttribute('user', 'u00004')")
    filled(page, "slate-grid", "failed")
    assert ids(page, "slate-grid") == []


def test_somebody_else_is_never_shown_for_a_slow_answer(show: Show) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page = show(GRID)
    filled(page, "slate-grid")
    page.route("**/api/recommend/u00005**", hold)
    page.eval_on_selector("slate-grid", "slot => slot.setAttribute('user', 'u00005')")
    comes_true(page, "document.querySelector('slate-grid').shadowRoot.querySelector('[aria-busy]') !== null")
    page.eval_on_selector("slate-grid", "slot => { slot.setAttribute('user', 'u00004'); return slot.refresh(); }")
    with page.expect_response("**/api/recommend/u00005**"):
        held[0].continue_()
    page.evaluate("new Promise(done => setTimeout(done))")
    assert page.eval_on_selector("slate-grid", "slot => slot.slate.user_id") == "u00004"
