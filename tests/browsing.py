"""Looking at a page that was written to a file, in a real browser without a network."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from playwright.sync_api import Page, sync_playwright

FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")


@contextmanager
def opened(
    chromium: str, path: Path, html: str, *, width: int = 1200, scheme: Literal["light", "dark"] = "light"
) -> Iterator[Page]:
    """The page, open; it asks for nothing but itself, complains of nothing, and is no wider than the window."""
    path.write_text(html, encoding="utf-8")
    asked, said = list[str](), list[str]()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, offline=True)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url.partition("#")[0]))
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(path.as_uri())
        assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        yield page
        browser.close()
    assert (set(asked), said) == ({path.as_uri()}, [])
