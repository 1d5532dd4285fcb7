from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import sync_playwright

from slatewright.explain.page import DRAWN, page_of
from slatewright.explain.reasons import Importance, Part, Reasons, largest_first, weights_of

FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")
EVIL = "<script>alert(1)</script> & $a_b$ " + "long " * 20
PARTS = [Part("i1", EVIL, 3.0, 0.5), Part("i2", "i2", None, -0.25)]
FOUND = Reasons(f"{EVIL} for u", "together", "exact", 1.25, 1.0, largest_first(PARTS), notes=("A note.",))
COUNTED = Importance("m", "shap", 4, {"feature": weights_of({EVIL: 3.0, "b": 1.0}), "model": ()}, ("A note.",))


@pytest.mark.parametrize("found", [FOUND, COUNTED])
def test_a_page_holds_a_picture_and_the_numbers_and_nothing_from_outside(found: Reasons | Importance) -> None:
    page = page_of(found)
    assert "<svg" in page
    assert "A note." in page
    assert "<script" not in page
    assert "http-equiv" in page
    assert page == page_of(found)


def test_every_part_is_in_the_table_and_the_largest_in_the_picture() -> None:
    many = tuple(Part(f"i{at}", f"title {at}", 1.0, 1.0) for at in range(DRAWN + 5))
    page = page_of(replace(FOUND, parts=many))
    assert page.count("title 3 ") == 2
    assert page.count(f"title {DRAWN + 2} ") == 1
    assert "5 more" in page


def test_without_parts_there_is_no_picture() -> None:
    page = page_of(replace(FOUND, parts=()))
    assert "<svg" not in page
    assert "<details" not in page


def test_a_surrogate_tells_its_fit() -> None:
    assert "R² 0.88" in page_of(replace(FOUND, how="lime", fit=0.876))


@pytest.mark.browser
@pytest.mark.parametrize(("scheme", "width"), [("light", 1200), ("dark", 390)])
def test_a_browser_shows_it_whole(chromium: str, tmp_path: Path, scheme: Literal["light", "dark"], width: int) -> None:
    path = tmp_path / "explain.html"
    path.write_text(page_of(FOUND), encoding="utf-8")
    asked, said = list[str](), list[str]()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.goto(path.as_uri())
        too_wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        page.click("summary")
        opened = page.locator("details[open] table").is_visible()
        browser.close()
    assert (asked, said, too_wide, opened) == ([path.as_uri()], [], False, True)
