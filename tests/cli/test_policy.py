"""slatewright policy: rules are checked before a server follows them."""

from pathlib import Path

import polars as pl
import pytest

from slatewright.cli.policy import run
from slatewright.core.errors import BadInput, NotThere
from slatewright.events.journal import Journal
from slatewright.events.records import ItemUpdate
from slatewright.lifecycle.training import train
from slatewright.pipeline.policy.policy_file import POLICY
from slatewright.store.shop import Shop
from slatewright.testing.town import AS_OF
from slatewright.testing.worlds import two_tastes

RECIPE = """
from slatewright.pipeline import PopularSource, Recipe

recipe = Recipe(estimators={}, sources=(PopularSource(),))
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    root = tmp_path_factory.mktemp("ruled")
    (root / "slatewright.toml").write_text("", encoding="utf-8")
    (root / "recipe.py").write_text(RECIPE, encoding="utf-8")
    place = Shop.open(root)
    events = two_tastes().with_row_index("event_id").with_columns(kind=pl.lit("view"))
    place.log.append("interactions", events)
    train(place, now=AS_OF, promote=True)
    return place


def told(shop: Shop, text: str, capsys: pytest.CaptureFixture[str], *, as_json: bool = False) -> str:
    (shop.root / POLICY).write_text(text, encoding="utf-8")
    run(shop.root, as_json)
    out, err = capsys.readouterr()
    return out + err


def test_it_says_how_many_items_each_rule_is_about(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    rules = """
[[rule]]
exclude = 'id in ["i001", "i002"]'
[[rule]]
boost = 'sellable and user.n_events > 3'
when = 'request.surface == "home"'
[[rule]]
bury = 'id == "i999"'
"""
    said = told(shop, rules, capsys)
    assert [line.split()[0] for line in said.splitlines()[:4]] == ["rule", "exclude", "boost", "bury"]
    assert said.splitlines()[1].split()[-2:] == ["always", "2"]
    assert said.splitlines()[2].endswith("as asked")
    assert "is about no item" in said
    assert '"items": 2' in told(shop, rules, capsys, as_json=True)
    assert "0 rules" in told(shop, "", capsys)


def test_it_names_facts_that_were_told_and_that_nobody_knows(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    assert '"warnings": []' in told(shop, "", capsys, as_json=True)
    update = ItemUpdate("u1", "i001", AS_OF, {"stok": 3, "stock": 2})
    journal = Journal(shop.journal)
    journal.append([], item_updates=[update])
    journal.close()
    assert "of items no fact 'stok' is known; did you mean stock?" in " ".join(told(shop, "", capsys).split())


def test_a_mistake_is_told_with_its_place(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(BadInput, match=r"did you mean sellable\?"):
        told(shop, "[[rule]]\nexclude = 'selable'", capsys)
    with pytest.raises(BadInput, match=r"(?s)^2 faults.*did you mean sellable\?.*Pin\.position must be >= 1"):
        told(shop, "[[rule]]\nexclude = 'selable'\n[[rule]]\npin = 'sellable'\nposition = 0", capsys)
    (Path(shop.root) / POLICY).unlink()


def test_before_anything_is_trained_the_file_itself_is_looked_at(tmp_path: Path) -> None:
    (tmp_path / "slatewright.toml").write_text("", encoding="utf-8")
    (tmp_path / POLICY).write_text("[[rule]]\nexlude = 'price < 3'", encoding="utf-8")
    with pytest.raises(BadInput, match=r"rule 1 \(line 2\): there is no setting 'exlude'; did you mean exclude\?"):
        run(tmp_path)
    (tmp_path / POLICY).unlink()
    with pytest.raises(NotThere):
        run(tmp_path)
