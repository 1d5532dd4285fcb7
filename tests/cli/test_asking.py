"""slatewright recommend, why, why-not"""

import json
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from slatewright.cli.asking import left_out
from slatewright.cli.main import app
from slatewright.core.clock import wall_clock
from slatewright.events.journal import Journal
from slatewright.events.records import Interaction, ItemUpdate
from slatewright.pipeline import Request
from slatewright.testing.town import town_pipeline

from .conftest import refusal, slatewright


def slate(shop: Path, *arguments: object) -> list[str]:
    answer = json.loads(slatewright("recommend", *arguments, "--shop", shop, "--json"))
    return [item["item_id"] for item in answer["items"]]


def notes(shop: Path, *arguments: object) -> list[str]:
    """What the command says about the names it was given, beside its answer."""
    given = ["recommend", *map(str, arguments), "--shop", str(shop), "--json"]
    result = CliRunner().invoke(app, given, env={"COLUMNS": "40"})
    assert json.loads(result.stdout)["items"]
    return [line for line in result.stderr.splitlines() if line.startswith("--")]


def test_a_slate_as_a_table_and_as_json_is_the_same(made_shop: Path) -> None:
    items = slate(made_shop, "u00003", "-k", 4)
    rows = slatewright("recommend", "u00003", "-k", 4, "--shop", made_shop).splitlines()[1:]
    assert [row.split()[:2] for row in rows] == [[str(at), item] for at, item in enumerate(items, start=1)]


def test_a_stranger_gets_a_slate_and_the_reason_why_it_is_not_personal(made_shop: Path) -> None:
    answer = json.loads(slatewright("recommend", "nobody", "--shop", made_shop, "--json"))
    assert len(answer["items"]) == 10
    assert answer["fallback"] == "newcomer"


def test_an_anonymous_visitor_is_known_by_items_and_does_not_get_them_again(made_shop: Path) -> None:
    popular = slate(made_shop)
    told = slate(made_shop, "--item", popular[0], "--item", popular[1])
    assert not {popular[0], popular[1]} & set(told)
    assert told != popular


def test_categories_and_exclusions_are_obeyed(made_shop: Path) -> None:
    kitchen = slate(made_shop, "u00003", "--category", "Kitchen")
    assert kitchen
    assert all(item.startswith("KIT") for item in kitchen)
    assert kitchen[0] not in slate(made_shop, "u00003", "--category", "Kitchen", "--exclude", kitchen[0])
    others = slate(made_shop, "u00003", "-k", 100, "--exclude-category", "Kitchen")
    assert others
    assert not any(item.startswith("KIT") for item in others)


def test_a_category_that_leaves_nothing_is_said_so(made_shop: Path) -> None:
    assert slate(made_shop, "u00003", "--category", "no such shelf") == []
    assert slatewright("recommend", "u00003", "--category", "no such shelf", "--shop", made_shop) == ""


def test_an_event_that_only_the_journal_knows_is_in_the_history(shop: Path) -> None:
    first = slate(shop, "u00003")[0]
    journal = Journal(shop / "log" / "journal.sqlite")
    journal.append([Interaction("click", "u00003", first, "view", wall_clock())])
    journal.close()
    assert first not in slate(shop, "u00003")
    assert "was seen is not shown again" in slatewright("why-not", "u00003", first, "--shop", shop)


def test_facts_that_only_the_journal_knows_are_obeyed(shop: Path) -> None:
    first = slate(shop, "u00003")[0]
    journal = Journal(shop / "log" / "journal.sqlite")
    journal.append([], [], [ItemUpdate("word", first, wall_clock(), {"stock": 0})])
    journal.close()
    assert first not in slate(shop, "u00003")
    assert "cannot be sold now" in slatewright("why-not", "u00003", first, "--shop", shop)


def test_why_says_position_and_source(made_shop: Path) -> None:
    first = slate(made_shop, "u00003")[0]
    text = slatewright("why", "u00003", first, "--shop", made_shop)
    assert f"({first}) stands at position 1 in the slate of u00003." in text
    assert "It was proposed by" in text


def test_why_not_says_which_place_it_came_to(made_shop: Path) -> None:
    long = slate(made_shop, "u00003", "-k", 20)
    answer = json.loads(slatewright("why-not", "u00003", long[15], "--shop", made_shop, "--json"))
    assert answer["shown"] is False
    assert answer["place"] == 16


def test_an_unknown_item_is_refused(made_shop: Path) -> None:
    assert "no item 'x'" in refusal("why", "u00003", "x", "--shop", made_shop)


@pytest.mark.parametrize("k", [0, -1])
def test_a_slate_has_at_least_one_item(made_shop: Path, k: int) -> None:
    assert f"got {k}" in refusal("recommend", "u00003", "-k", k, "--shop", made_shop)


def test_a_huge_slate_is_the_whole_catalogue_without_what_was_seen(made_shop: Path) -> None:
    items = slate(made_shop, "u00003", "-k", 10**9)
    assert 0 < len(items) <= 60
    assert len(set(items)) == len(items)


def test_a_fact_is_a_name_and_a_value(made_shop: Path) -> None:
    assert "--fact must be name=value" in refusal("recommend", "--fact", "Spain", "--shop", made_shop)
    assert slate(made_shop, "--fact", "country=Spain")


def test_names_that_the_shop_does_not_know_are_said_on_standard_error(made_shop: Path) -> None:
    known, shelf = slate(made_shop)[0], "Kitchen"
    assert notes(made_shop, "--item", known, "--exclude", known, "--category", shelf) == []
    said = notes(made_shop, "--item", "KIT-9", "--item", known, "--exclude", "kit-1", "--exclude-category", "kitchen")
    exact = "ids are exact, upper and lower case differ"
    assert said == [
        f"--item KIT-9: there is no such item; {exact}",
        f"--exclude kit-1: there is no such item; {exact}",
        f"--exclude-category kitchen: there is no such category; {exact}",
    ]
    none = "--fact country=Spain: no user of this shop has such a fact; those they have: none"
    assert notes(made_shop, "--fact", "country=Spain") == [none]


def test_facts_and_values_that_no_user_has_are_told() -> None:
    facts = pl.DataFrame({"country": ["Spain", None], "age": [31, 45]})
    world = replace(town_pipeline().world, user_facts=facts)
    asked = Request(1, 0, facts={"country": "Spian", "nosuch": "x=y", "age": "7"})
    assert left_out(world, asked) == [
        "--fact country=Spian: no user of this shop has this value, so it says nothing",
        "--fact nosuch=x=y: no user of this shop has such a fact; those they have: country, age",
    ]
    assert left_out(world, Request(1, 0, facts={"country": "Spain"})) == []


def test_nothing_is_live_yet(shop: Path) -> None:
    (shop / "bundles" / "live").unlink()
    assert "slatewright train" in refusal("recommend", "u00003", "--shop", shop)
