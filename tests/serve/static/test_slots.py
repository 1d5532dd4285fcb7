"""Slots on a page of another host, in a real Chromium: what they show, and to whom."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Request

from tests.docs.pages import ROOT, blocks

from .conftest import Show
from .looking import BANNER, CAROUSEL, GRID, arrows, asking, comes_true, filled, focused, ids, looked_at

pytestmark = pytest.mark.browser

AXE = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}}


def test_the_example_of_the_docs_works_on_another_host_under_a_strict_policy_and_nothing_moves(show: Show) -> None:
    example = blocks(ROOT / "docs" / "slots.md", "html")[0].text.partition("</script>")[2]
    page = show(f"<h1>Shop</h1>{example}<p>The end</p>")
    for slot, count in (("slate-banner", 1), ("slate-carousel", 12), ("slate-grid", 6)):
        filled(page, slot)
        assert len(ids(page, slot)) == count
    comes_true(page, "document.querySelector('slate-banner').shadowRoot.querySelector('img').complete")
    images = page.locator("img")
    assert images.evaluate_all("all => all.filter(one => one.complete && !one.naturalWidth).length") == 0
    assert images.evaluate_all("all => all.map(one => one.loading).join(' ')") == "eager" + 18 * " lazy"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("moved") < 0.01  # the cumulative layout shift; 0.1 counts as good


def test_nobody_is_kept_out(show: Show) -> None:
    page = show(f"<h1>Shop</h1>{BANNER}{CAROUSEL}{GRID}", reduced_motion="reduce", bypass_csp=True)  # axe writes styles
    for slot in ("slate-banner", "slate-carousel", "slate-grid"):
        filled(page, slot)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page, options=AXE)
        assert found.violations_count == 0, found.generate_report()


def test_the_accessibility_tree_reads_like_a_shop(show: Show) -> None:
    page = show(f"{BANNER}{CAROUSEL.replace('href', 'basket currency=GBP href')}")
    filled(page, "slate-banner")
    carousel = filled(page, "slate-carousel")
    slate = page.eval_on_selector("slate-carousel", "slot => slot.slate")
    first = slate["items"][0]
    tree = page.locator("main").aria_snapshot()
    for line in (
        '- region "Picked for you":',
        '- region "For you":',
        '- heading "For you" [level=2]',
        '- button "Earlier products" [disabled]',
        '- button "Further products"',
        f'- link "{first["title"]} £{first["price"]:.2f}":',
        f"- /url: /p/{first['item_id']}?from={slate['slate_id']}",
        f'- button "Add {first["title"]} to the basket"',
    ):
        assert line in tree
    assert carousel.get_by_role("listitem").count() == 12


def test_a_row_is_moved_along_by_keys_and_arrows(show: Show) -> None:
    page = show(CAROUSEL, reduced_motion="reduce")
    row = filled(page, "slate-carousel")
    items = ids(page, "slate-carousel")
    row.locator(".open").first.focus()
    for key, at in (
        ("ArrowRight", 1),
        ("ArrowRight", 2),
        ("ArrowLeft", 1),
        ("End", 11),
        ("ArrowRight", 11),
        ("Home", 0),
    ):
        page.keyboard.press(key)
        assert focused(page) == items[at]
        assert page.evaluate("document.activeElement.localName") == "slate-carousel"
    further = row.get_by_role("button", name="Further")
    arrows(page, earlier="true", further="false")
    further.focus()
    page.keyboard.press("Enter")  # without motion it is there at once
    assert row.locator(".track").evaluate("track => track.scrollLeft > track.clientWidth / 2")
    arrows(page, earlier="false", further="false")
    page.keyboard.press("Tab")
    assert focused(page) == items[0]


def test_rows_run_the_other_way_where_people_read_so(show: Show) -> None:
    page = show(f'<div dir="rtl">{CAROUSEL}</div>', reduced_motion="reduce")
    row = filled(page, "slate-carousel")
    row.locator(".open").first.focus()
    page.keyboard.press("ArrowLeft")
    assert focused(page) == ids(page, "slate-carousel")[1]
    row.get_by_role("button", name="Further").click()
    assert row.locator(".track").evaluate("track => track.scrollLeft < -track.clientWidth / 2")


def test_who_wants_no_motion_gets_none(show: Show) -> None:
    page = show(CAROUSEL)
    row = filled(page, "slate-carousel")
    page.evaluate("void (Element.prototype.scrollBy = (how) => (window.how = how.behavior))")
    for motion, behavior in (("no-preference", "smooth"), ("reduce", "instant")):
        page.emulate_media(reduced_motion=motion)
        row.get_by_role("button", name="Further").click()
        assert page.evaluate("how") == behavior
        lasts = row.locator(".open").first.evaluate("one => getComputedStyle(one).transitionDuration")
        assert (lasts == "0s") == (motion == "reduce")


def test_the_focus_stays_where_it_was_when_cards_are_new(show: Show) -> None:
    page = show(GRID.replace("heading", "basket heading"))
    filled(page, "slate-grid")
    page.locator("slate-grid .add").nth(2).focus()
    page.eval_on_selector("slate-grid", "slot => slot.refresh()")
    assert focused(page) == ids(page, "slate-grid")[2]


def test_words_and_numbers_are_those_of_the_page(show: Show) -> None:
    item = {
        "item_id": "a/b",
        "title": "RED TEA POT",
        "price": 1234.5,
        "categories": [],
        "image": None,
        "source": "popular",
    }
    slate = {"slate_id": "s1", "user_id": "u1", "fallback": "newcomer", "version": "v", "items": [item]}
    page = show(
        '<slate-carousel loading="manual" currency="EUR" sentence-case basket sources heading="Für dich" '
        'heading-level="3" heading-newcomer="Beliebt" text-add="{title} kaufen" href="/p/{item_id}"></slate-carousel>',
        lang="de-DE",
    )
    filled(page, "slate-carousel", "loading")
    page.eval_on_selector("slate-carousel", "(slot, slate) => { slot.slate = slate; }", slate)
    tree = filled(page, "slate-carousel").aria_snapshot().replace("\N{NO-BREAK SPACE}", " ")
    for line in (
        '"Beliebt" [level=3]',
        'button "Red tea pot kaufen"',
        "Red tea pot 1.234,50 € Popular",
        "/url: /p/a%2Fb",
    ):
        assert line in tree


def test_the_page_decides_how_they_look(show: Show) -> None:
    page = show(CAROUSEL.replace("heading", "basket heading"))
    row = filled(page, "slate-carousel")
    page.evaluate("""
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(`:root { --slate-accent: rgb(1, 2, 3); --slate-card-width: 120px; }
        slate-carousel::part(title) { color: rgb(4, 5, 6); }`);
      document.adoptedStyleSheets = [sheet];
    """)
    colour = "(one, name) => getComputedStyle(one)[name]"
    assert row.locator(".add").first.evaluate(colour, "backgroundColor") == "rgb(1, 2, 3)"
    assert row.locator(".title").first.evaluate(colour, "color") == "rgb(4, 5, 6)"
    assert row.locator("li").first.evaluate("one => one.offsetWidth") == 120


def test_a_whole_page_is_asked_for_once_and_repeats_nothing(show: Show) -> None:
    asked: list[Request] = []
    page = show(
        '<slate-page user="u00003" k="6" currency="GBP" href="/p/{item_id}">'
        '<slate-grid slot-name="popular"></slate-grid></slate-page>',
        before=asking(asked),
    )
    filled(page, "slate-page")
    assert [one.url.partition("/api/")[2] for one in asked] == ["page/u00003?k=6"]
    shown = ids(page, "slate-page")
    assert len(shown) == len(set(shown)) >= 12
    rows = page.locator("slate-page :is(slate-carousel, slate-grid)")
    slates = rows.evaluate_all("all => all.map(one => one.slate.slate_id)")
    assert len(slates) == len(set(slates)) >= 2
    own = page.locator("slate-page slate-grid")
    assert (own.get_attribute("heading"), own.get_attribute("href")) == ("Popular", "/p/{item_id}")
    assert own.get_by_role("listitem").count() == 6


def test_far_below_it_waits_until_it_is_near(show: Show) -> None:
    asked: list[Request] = []
    page = show(
        f'<div class="tall"></div>{GRID.replace("user", "loading=lazy user", 1)}',
        before=asking(asked),
    )
    page.wait_for_selector("slate-grid[state='loading']", state="attached")
    looked_at(page, "slate-grid")
    assert asked == []
    page.locator("slate-grid").scroll_into_view_if_needed()
    filled(page, "slate-grid")
    assert len(asked) == 1
