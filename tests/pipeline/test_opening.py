"""Opening a bundle: whole, of this shop, and with the answers it was trained to give, or not at all."""

from pathlib import Path

import orjson
import pytest

from slatewright.core.clock import instant
from slatewright.core.errors import BadBundle, NotThere
from slatewright.lifecycle.training import train
from slatewright.pipeline import Request
from slatewright.pipeline.opening import open_pipeline
from slatewright.store.card import CARD
from slatewright.store.shop import Shop
from slatewright.testing.shops import town_shop

NOW = instant("2026-01-01")


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return town_shop(tmp_path / "shop")


def test_nothing_is_live_before_the_first_training(shop: Shop) -> None:
    with pytest.raises(NotThere, match=r"nothing is live .* run: slatewright train"):
        open_pipeline(shop)


def test_an_edited_recipe_does_not_change_what_is_live(shop: Shop) -> None:
    train(shop, now=NOW)
    before = open_pipeline(shop).ask(Request(5, NOW, "u001")).item_ids
    shop.recipe.write_text("raise SystemExit")
    assert open_pipeline(shop).ask(Request(5, NOW, "u001")).item_ids == before


def test_an_altered_archive_is_refused_and_never_run(shop: Shop) -> None:
    train(shop, now=NOW)
    archived = next(shop.recipes.glob("*.py"))
    archived.write_text("raise SystemExit('this must not run')")
    with pytest.raises(BadBundle, match=r"was altered after training"):
        open_pipeline(shop)
    archived.unlink()
    with pytest.raises(BadBundle, match="the recipe of this bundle is missing"):
        open_pipeline(shop)


def test_a_bundle_that_answers_otherwise_is_refused(shop: Shop) -> None:
    path = shop.bundles / train(shop, now=NOW) / CARD
    raw = orjson.loads(path.read_bytes())
    raw["golden"][0]["item_ids"].reverse()
    path.write_bytes(orjson.dumps(raw))
    with pytest.raises(BadBundle, match="its card says"):
        open_pipeline(shop)


@pytest.mark.parametrize("digest", ["../recipe", "", "/etc/passwd"])
def test_a_card_cannot_name_a_recipe_outside_the_archive(shop: Shop, digest: str) -> None:
    path = shop.bundles / train(shop, now=NOW) / CARD
    raw = orjson.loads(path.read_bytes()) | {"recipe": digest}
    path.write_bytes(orjson.dumps(raw))
    with pytest.raises(BadBundle):
        open_pipeline(shop)


def test_a_list_made_by_hand_is_followed_and_is_no_reason_to_refuse_a_bundle(shop: Shop) -> None:
    shop.recipe.write_text(
        "from slatewright.models import Popularity\n"
        "from slatewright.pipeline import EditorialSource, Recipe\n"
        "picked = (EditorialSource(named='front'),)\n"
        "recipe = Recipe({'popular': Popularity()}, sources=picked, newcomers=picked)\n"
    )
    (shop.root / "lists.toml").write_text('front = ["i007"]\n')
    train(shop, now=NOW)
    pipeline = open_pipeline(shop)
    assert pipeline.ask(Request(3, NOW, "nobody")).item_ids[0] == "i007"
    (shop.root / "lists.toml").write_text('front = ["i011", "i007"]\n')
    assert pipeline.ask(Request(3, NOW, "nobody")).item_ids[:2] == ("i011", "i007")
    assert open_pipeline(shop).ask(Request(3, NOW, "nobody")).item_ids[0] == "i011"
