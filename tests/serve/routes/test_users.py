"""Facts of users are told over HTTP and hold from the next slate on."""

import logging
from collections.abc import Iterator
from typing import Any

import httpx
import polars as pl
import pytest

from slatewright.core.clock import instant, wall_clock
from slatewright.data.facts import facts_at
from slatewright.lifecycle.training import train
from slatewright.pipeline.opening import open_pipeline
from slatewright.pipeline.policy.policy_file import POLICY
from slatewright.pipeline.request import Request
from slatewright.store.shop import Shop
from tests.serve.conftest import client_of, updates_of
from tests.serve.routes.test_slates import items_of, refused
from tests.serve.test_live_bundle import ready, until

RECIPE = """
from slatewright.pipeline import PopularSource, Recipe

recipe = Recipe(estimators={}, sources=(PopularSource(limit=60),))
"""
USER, STRANGER = "u00003", "who comes first"


@pytest.fixture
def countries(shop: Shop) -> Shop:
    """A shop that knows where its users live, and has a rule about it."""
    users = pl.DataFrame({"user_id": [USER, "u00004"], "country": ["DE", "FR"], "blocked": ["", ""]})
    shop.log.append("user_updates", updates_of(users, "user_id"))
    shop.recipe.write_text(RECIPE, encoding="utf-8")
    train(shop, now=instant("2024-04-01"), promote=True)
    top = top_of(shop)
    (shop.root / POLICY).write_text(
        f'[[rule]]\nexclude = \'item.id == "{top}" and user.country == "IT"\'\n', encoding="utf-8"
    )
    return shop


def top_of(shop: Shop) -> str:
    return open_pipeline(shop).ask(Request(1, wall_clock(), STRANGER)).item_ids[0]


@pytest.fixture
def client(countries: Shop) -> Iterator[httpx.Client]:
    with client_of(countries) as client:
        yield client


def tell(client: httpx.Client, user: str, **facts: object) -> dict[str, Any]:
    answer = client.post("/api/users", json={"users": [{"user_id": user, "facts": facts}]})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def shown(client: httpx.Client, user: str) -> list[str]:
    return items_of(client.get(f"/api/recommend/{user}", params={"k": 60}))


@pytest.mark.parametrize("user", [USER, STRANGER])
def test_the_next_slate_obeys_whoever_it_is(client: httpx.Client, countries: Shop, user: str) -> None:
    top = top_of(countries)
    assert top in shown(client, user)
    assert tell(client, user, country="IT") == {"accepted": 1, "duplicates": 0, "warnings": []}
    assert top not in shown(client, user)  # though the answer before was kept
    assert top in shown(client, "somebody else")
    tell(client, user, country="DE")
    assert top in shown(client, user)


def test_it_outlives_a_restart_and_reaches_the_next_training(countries: Shop) -> None:
    top = top_of(countries)
    with client_of(countries) as client:
        tell(client, STRANGER, country="IT")
        until(lambda: ready(client)["pending"] == 0)
        tell(client, STRANGER, shoes=44)
    with client_of(countries) as client:
        assert top not in shown(client, STRANGER)
        train(countries, now=wall_clock(), as_of=wall_clock(), promote=True)
        until(lambda: top not in shown(client, STRANGER))
    facts = facts_at(countries.log, "user_updates", wall_clock())
    assert facts is not None
    assert facts.filter(user_id=STRANGER).select("country", "shoes").rows() == [("IT", 44)]


def test_what_cannot_be_is_refused_and_points_at_the_place(client: httpx.Client) -> None:
    for facts in ({"country": 7}, {"country": ["IT", "DE"]}, {"country": True}):
        answer = client.post("/api/users", json={"users": [{"user_id": USER, "facts": facts}]})
        assert refused(answer) == ["users.0.facts.country"]
    for users in ([], [{"user_id": USER, "facts": {}}], [{"user_id": "", "facts": {"a": 1}}]):
        assert client.post("/api/users", json={"users": users}).status_code == 422


def test_a_fact_that_no_user_has_is_taken_in_with_a_warning(client: httpx.Client) -> None:
    told = tell(client, USER, contry="IT", q9z="new", country="IT")
    assert told["accepted"] == 1
    assert told["warnings"] == [
        "of users no fact 'contry' is known; did you mean country? What is told of it waits for the next training.",
        "of users no fact 'q9z' is known. What is told of it waits for the next training.",
    ]
    assert len(tell(client, USER, **{f"odd {at}": at for at in range(50)})["warnings"]) == 20


def test_nothing_of_it_is_logged(client: httpx.Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        tell(client, "somebody with a name", country="Ruritania")
        shown(client, "somebody with a name")
        client.post("/api/users", json={"users": [{"user_id": "somebody with a name", "facts": {"country": 1918}}]})
    told = [record.getMessage() for record in caplog.records if record.name.startswith("slatewright")]
    assert not [one for one in told if "somebody" in one or "Ruritania" in one]
