"""What tests ask a page with slots in it."""

import json
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, Request

from tests.serve.test_live_bundle import until

BANNER = '<slate-banner user="u00003" surface="front" slot-name="hero" heading="Picked for you" basket></slate-banner>'
CAROUSEL = (
    '<slate-carousel user="u00003" surface="front" slot-name="row" heading="For you" '
    'href="/p/{item_id}?from={slate_id}"></slate-carousel>'
)
GRID = '<slate-grid user="u00003" k="6" surface="front" slot-name="more" heading="More"></slate-grid>'
TURNED = """(state) => {
  Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
Sent = list[dict[str, Any]]


def filled(page: Page, slot: str, state: str = "filled") -> Any:
    """A slot, once it is in a state."""
    page.wait_for_selector(f"{slot}[state='{state}']", state="attached")
    return page.locator(slot)


def ids(page: Page, slot: str) -> list[str]:
    """The items that a slot shows."""
    found: list[str] = page.locator(f"{slot} [data-item]").evaluate_all("all => all.map(one => one.dataset.item)")
    return found


def slate_id(page: Page, slot: str) -> str:
    return str(page.eval_on_selector(slot, "slot => slot.slate.slate_id"))


def focused(page: Page) -> str:
    """The item that has the focus."""
    inner = "[...document.querySelectorAll('*')].map(one => one.shadowRoot?.activeElement).find(Boolean)"
    return str(page.evaluate(f"{inner}?.closest('[data-item]')?.dataset.item ?? ''"))


def looked_at(page: Page, slot: str) -> None:
    """Wait until the browser has looked what of a slot is in view: older observers of it have heard before."""
    page.eval_on_selector(slot, "slot => new Promise((done) => new IntersectionObserver(() => done()).observe(slot))")


def comes_true(page: Page, said: str) -> None:
    """Wait until the page says so. Playwright's own waiting is a script that a strict policy forbids to run."""
    until(lambda: bool(page.evaluate(said)))


def arrows(page: Page, earlier: str, further: str) -> None:
    """Wait until the arrows of a row say whether they lead nowhere."""
    both = "[...document.querySelector('slate-carousel').shadowRoot.querySelectorAll('.arrow')]"
    comes_true(page, f"{both}.map(one => one.ariaDisabled).join() === '{earlier},{further}'")


def listening(sent: Sent, *, still: bool = False) -> Callable[[Page], None]:
    """Note what a page tells the server. With ``still``, its clock stands until the test moves it."""

    def note(request: Request) -> None:
        if request.url.endswith("/api/events") and request.method == "POST":
            sent.append(json.loads(request.post_data or ""))

    def listen(page: Page) -> None:
        page.on("request", note)
        if still:
            page.clock.install(time=0)
            page.clock.pause_at(1000)

    return listen


def asking(asked: list[Request]) -> Callable[[Page], None]:
    """Note what a page asks the server."""

    def note(request: Request) -> None:
        if "/api/" in request.url and request.method != "OPTIONS":
            asked.append(request)

    return lambda page: page.on("request", note)


def impressions(sent: Sent) -> list[dict[str, Any]]:
    return [one for body in sent for one in body["impressions"]]
