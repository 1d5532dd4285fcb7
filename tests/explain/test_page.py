from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest

from slatewright.explain.page import DRAWN, page_of
from slatewright.explain.reasons import Importance, Part, Reasons, largest_first, weights_of
from tests.browsing import opened

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
    with opened(chromium, tmp_path / "explain.html", page_of(FOUND), width=width, scheme=scheme) as page:
        page.click("summary")
        assert page.locator("details[open] table").is_visible()
