"""slatewright frontier"""

import json
from pathlib import Path

from .conftest import refusal, slatewright


def test_the_ways_stand_beside_the_recipe(shop: Path) -> None:
    text = slatewright("frontier", "--shop", shop, "--k", 5)
    for word in ("the recipe", "marks alone", "MMR(relevance=0.9)", "NDCG@5", "Diversity@5"):
        assert word in text
    told = json.loads((shop / "reports" / "frontier.json").read_bytes())
    assert told["k"] == 5
    assert told["points"][0]["name"] == "the recipe"
    for kind in ("md", "html"):
        assert "MMR(relevance=0.9)" in (shop / "reports" / f"frontier.{kind}").read_text(encoding="utf-8")


def test_what_does_not_say_what_is_alike_is_refused(shop: Path) -> None:
    assert "'popular'" in refusal("frontier", "--shop", shop, "--model", "popular")
    assert "tast" in refusal("frontier", "--shop", shop, "--model", "tast")
