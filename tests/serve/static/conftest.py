"""A headless Chromium that notes what a page complains about, and a page of another host to put slots on."""

import shutil
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import polars as pl
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from slatewright.serve.running import in_background
from slatewright.store.shop import Shop
from tests.serve.test_live_bundle import until

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WATCHED = """
window.complaints = [];
window.moved = 0;
document.addEventListener("securitypolicyviolation", (one) => {
  complaints.push(`${one.violatedDirective} ${one.blockedURI}`);
});
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) moved += one.value;
}).observe({ type: "layout-shift", buffered: true });
"""
STYLE = b"""
:root { color-scheme: light dark; --slate-accent: #1f5b4a; }
body { margin: 0; background: light-dark(#fff, #16181b); color: light-dark(#222, #eee); font: 16px/1.5 sans-serif; }
main { max-width: 1160px; margin: auto; padding: 20px; }
.tall { height: 3000px; }
"""
Show = Callable[..., Page]


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """One for all tests of a file."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def open_shop(trained_shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Shop, str]]:
    """A shop that answers pages of all hosts, and the address of its server."""
    root = tmp_path_factory.mktemp("open") / "shop"
    shutil.copytree(trained_shop.root, root)
    settings = root / "slatewright.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("[serve]", '[serve]\norigins = ["*"]'), encoding="utf-8")
    shop = Shop.open(root)
    with in_background(shop) as url:
        yield shop, url


@pytest.fixture(scope="module")
def front(open_shop: tuple[Shop, str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Another host, and its pages by path. They may run nothing and style nothing of their own: all of it is linked."""
    url = open_shop[1]
    pages: dict[str, str] = {}
    policy = (
        f"default-src 'none'; script-src {url}; connect-src {url}; img-src {url}; style-src 'self' {url}; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            self.send_response(200)
            self.send_header("Content-Type", "text/css" if path == "/style.css" else "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(STYLE if path == "/style.css" else pages.get(path, "<title>Product</title>").encode())

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", pages
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def show(browser: Browser, open_shop: tuple[Shop, str], front: tuple[str, dict[str, str]]) -> Iterator[Show]:
    """Open a page of the other host with slots in it; the test fails when the page complains about anything.

    ``show(body, quiet=False, **context)``: an answer that fails is a complaint of the browser, where not ``quiet``.
    """
    address, pages = front
    said: list[str] = []
    opened: list[Page] = []

    def show(body: str, *, quiet: bool = False, lang: str = "en-GB", before: Any = None, **context: Any) -> Page:
        pages["/"] = document(body, open_shop[1], lang)
        page = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **context}).new_page()
        if not quiet:
            page.on("console", lambda one: said.append(one.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.add_init_script(WATCHED)
        if before:
            before(page)
        page.goto(address)
        opened.append(page)
        return page

    yield show
    for page in opened:
        if not page.url.endswith("/gone"):
            said.extend(page.evaluate("window.complaints ?? []"))
        page.context.close()
    assert said == []


def document(body: str, url: str, lang: str) -> str:
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>Front</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="stylesheet" href="/style.css"><link rel="stylesheet" href="{url}/static/slots.css">'
        f'<script type="module" src="{url}/static/slots.js"></script></head><body><main>{body}</main></body></html>'
    )


def recorded(shop: Shop, url: str, table: str) -> pl.DataFrame:
    """The events that reached the server, once it has moved them all to the log."""
    until(lambda: httpx.get(f"{url}/api/health/ready").json()["pending"] == 0)
    return shop.log.scan(table).collect()


@pytest.fixture
def sent() -> list[dict[str, Any]]:
    """The bodies of what a page tells the server, with ``show(..., before=listening(sent))``."""
    return []
