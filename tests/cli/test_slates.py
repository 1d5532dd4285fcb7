"""slatewright slates"""

import json
from pathlib import Path

import pytest

from slatewright.cli.slates import marked_cells
from slatewright.explain.answered import kept_in
from slatewright.explain.four_stages import Marked, Named
from slatewright.pipeline.keeping import keep
from slatewright.pipeline.opening import open_pipeline
from slatewright.pipeline.policy.policy_file import rules_of
from slatewright.pipeline.request import Request
from slatewright.store.kept_slates import Entry, KeptSlates, name_of
from slatewright.store.shop import Shop

from .conftest import refusal, slatewright

RULES = "[[rule]]\nexclude = 'price > 1e6'\n"


@pytest.fixture
def slate_id(made_shop: Path) -> str:
    """A slate that the shop's pipeline answered, kept as the server keeps it."""
    pipeline = open_pipeline(Shop.open(made_shop)).ruled(rules_of(RULES), RULES)
    query = pipeline.query(Request(4, pipeline.world.as_of, "u00003"))
    slate = pipeline.answer(query)
    slates = KeptSlates(kept_in(made_shop), 1_000_000)
    slates.start()
    entry = Entry(slate.slate_id, "u00003", query.now, pipeline.world.version)
    slates.offer(entry, lambda: keep(slate, pipeline.world.version, name_of(RULES)), RULES)
    slates.stop()
    return slate.slate_id


def test_the_latest_answers_are_listed(made_shop: Path, slate_id: str) -> None:
    assert slate_id in slatewright("slates", "--shop", made_shop, "--user", "u00003")
    rows = json.loads(slatewright("slates", "--shop", made_shop, "--last", "5", "--json"))
    assert rows[0]["slate_id"] == slate_id
    assert rows[0]["time"].startswith("20")


def test_the_four_stages_of_an_answer(made_shop: Path, slate_id: str, tmp_path: Path) -> None:
    text = slatewright("slates", slate_id, "--shop", made_shop)
    told = json.loads(slatewright("slates", slate_id, "--shop", made_shop, "--json"))
    assert f"Slate {slate_id} for u00003" in text
    for source in told["sources"]:
        assert source["source"] in text
    for item in told["slate"]:
        assert item["item_id"] in text
    assert told["policy"] == RULES
    assert "The shop's rules, as they were then:" in text
    assert "exclude = 'price > 1e6'" in text
    page = tmp_path / "stages.html"
    slatewright("slates", slate_id, "--shop", made_shop, "--page", page)
    assert told["slate"][0]["title"] in page.read_text(encoding="utf-8")


def test_parts_of_a_small_mark_are_told_apart() -> None:
    small = Marked(Named("i", "Mug"), 0.0142, 3, {"taste": 0.0121, "popular": 0.0021})
    assert marked_cells(small) == ("0.0142", "3", "taste +0.0121, popular +0.0021")
    large = Marked(Named("i", "Mug"), 8.84, 1, {"taste": 3.77, "together": 5.07})
    assert marked_cells(large) == ("8.840", "1", "taste +3.77, together +5.07")


def test_any_answer_of_a_slate_names_it(made_shop: Path, slate_id: str) -> None:
    told = [
        json.loads(slatewright("slates", one, "--shop", made_shop, "--json")) for one in (slate_id, f"{slate_id}.1")
    ]
    assert told[0]["slate"] == told[1]["slate"]


def test_why_an_item_was_shown(made_shop: Path, slate_id: str) -> None:
    first = json.loads(slatewright("slates", slate_id, "--shop", made_shop, "--json"))["slate"][0]["item_id"]
    assert "stands at position 1 in the slate of u00003" in slatewright(
        "slates", slate_id, "--shop", made_shop, "--why", first
    )
    found = json.loads(slatewright("slates", slate_id, "--shop", made_shop, "--why", first, "--json"))
    assert found["position"] == 1


def test_a_slate_that_is_not_kept_is_refused(made_shop: Path) -> None:
    assert "no slate 'x' is kept" in refusal("slates", "x", "--shop", made_shop)


def test_a_shop_that_answered_nothing_says_so(made_shop: Path, tmp_path: Path) -> None:
    (tmp_path / "slatewright.toml").write_text("", encoding="utf-8")
    assert json.loads(slatewright("slates", "--shop", tmp_path, "--json")) == []
