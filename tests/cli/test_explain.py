"""slatewright explain"""

import json
from pathlib import Path

import pytest

from .conftest import refusal, slatewright


def shown(shop: Path) -> str:
    answer = json.loads(slatewright("recommend", "u00007", "--shop", shop, "--json"))
    return str(answer["items"][0]["item_id"])


def test_a_score_in_numbers_and_as_a_page(shop: Path) -> None:
    text = slatewright("explain", "u00007", shown(shop), "--shop", shop)
    assert "for u00007 the score" in text
    assert "What speaks for it:" in text
    page = (shop / "reports" / "explain.html").read_text(encoding="utf-8")
    assert "<svg" in page
    assert "u00007" in page


def test_the_parts_add_up_in_json_and_carry_titles(shop: Path, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "page.html"
    item = shown(shop)
    answer = json.loads(slatewright("explain", "u00007", item, "--shop", shop, "--out", out, "--json"))
    assert out.is_file()
    assert answer["how"] == "exact"
    assert sum(one["contribution"] for one in answer["parts"]) + answer["base"] == pytest.approx(
        answer["score"], rel=1e-5
    )
    assert any(one["title"] != one["name"] for one in answer["parts"])
    assert f"({item}) for u00007" in answer["subject"]


def test_a_surrogate_of_a_named_model_finds_the_same_first_thing(shop: Path) -> None:
    item = shown(shop)
    given = ("explain", "u00007", item, "--shop", shop, "--model", "together", "--json")
    exact, local = (json.loads(slatewright(*given, "--method", method)) for method in ("exact", "lime"))
    assert local["model"] == exact["model"] == "together"
    assert local["fit"] > 0.9
    assert local["parts"][0]["name"] == exact["parts"][0]["name"]


def test_somebody_unknown_gets_an_answer(shop: Path) -> None:
    assert "Nothing is known of this user" in slatewright("explain", "nobody", shown(shop), "--shop", shop)


def test_what_counts_over_all(shop: Path) -> None:
    first, second = (json.loads(slatewright("explain", "--global", "--shop", shop, "--json")) for _ in range(2))
    assert first == second
    assert {one["name"] for one in first["of"]["model"]} == {"taste", "together", "popular"}
    assert {"item", "kind", "age"} <= set(first["of"])
    text = slatewright("explain", "--global", "--shop", shop, "--model", "taste")
    assert "kind of event" in text


@pytest.mark.parametrize("given", [(), ("u00007",), ("u00007", "KIT-0001", "--global"), ("u00007", "--global")])
def test_half_a_question_is_refused(shop: Path, given: tuple[str, ...]) -> None:
    assert "name a user and an item (slatewright explain USER ITEM), or say --global" in refusal(
        "explain", *given, "--shop", shop
    )


def test_what_is_not_there_is_refused(shop: Path) -> None:
    assert "there is no item 'nope' in bundle" in refusal("explain", "u00007", "nope", "--shop", shop)
    item = shown(shop)
    assert "asks for the model 'magic'" in refusal("explain", "u00007", item, "--shop", shop, "--model", "magic")
    assert "must be one of auto, exact, lime" in refusal("explain", "u00007", item, "--shop", shop, "--method", "shap")
    assert "must be one of auto, exact" in refusal("explain", "--global", "--shop", shop, "--method", "lime")
