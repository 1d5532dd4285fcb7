"""What was shown lately reaches the next slate, survives a restart and a swap, is held only where it is asked for."""

from collections.abc import Iterator

import pytest

from slatewright.cli.asking import open_bundle, query_for
from slatewright.core.clock import MICROSECONDS_PER_DAY, wall_clock
from slatewright.events.records import Impression, Interaction
from slatewright.lifecycle.training import train
from slatewright.pipeline.request import Request
from slatewright.serve.asked import Asked
from slatewright.serve.batching.job import Job
from slatewright.serve.batching.making import Kitchen
from slatewright.serve.metrics import Metrics
from slatewright.serve.service import Service
from slatewright.serve.settings import Serving
from slatewright.store.shelf import Shelf
from slatewright.store.shop import Shop

QUIET = Serving(flush_seconds=3600, watch_seconds=3600)
USER = "u00003"
PLAIN = """
from slatewright.pipeline import PopularSource, Recipe, SeenFilter

recipe = Recipe(estimators={}, sources=(PopularSource(limit=60),), filters=(%s))
"""
IGNORED = PLAIN % 'SeenFilter(days=7, kinds=("ignored",), times=2, name="often ignored"),'


@pytest.fixture
def asking(shop: Shop) -> Shop:
    """A shop whose recipe does not show a third time what was ignored twice."""
    return trained(shop, IGNORED)


def trained(shop: Shop, recipe: str) -> Shop:
    shop.recipe.write_text(recipe, encoding="utf-8")
    train(shop, now=wall_clock(), promote=True)
    return shop


@pytest.fixture
def service(asking: Shop) -> Iterator[Service]:
    yield from running(asking)


def running(shop: Shop) -> Iterator[Service]:
    service = Service(shop, QUIET, Metrics())
    service.start()
    yield service
    service.stop()


def slate(service: Service, k: int = 5) -> list[str]:
    found = service.answer(service.bundle(), Asked(Request(k, wall_clock(), user_id=USER)))
    return [item.item_id for item in found.items]


def shown(name: str, *items: str, user: str | None = USER, ago: int = 0) -> Impression:
    return Impression(name, f"slate {name}", user, items, wall_clock() - ago)


def test_what_was_ignored_twice_is_not_shown_a_third_time(service: Service) -> None:
    first = slate(service)
    service.accept([], [shown("1", *first[:3]), shown("nobody", *first, user=None), shown("another", *first, user="x")])
    assert slate(service) == first
    service.accept([], [shown("2", first[0], first[1], "no such item")])
    service.accept([], [shown("2", first[0], first[1], "no such item")])  # sent again
    assert first[0] not in slate(service)
    assert first[2] in slate(service)
    service.accept([Interaction("click", USER, first[1], "view", wall_clock())], [])
    assert first[1] in slate(service, 60)
    assert first[0] not in slate(service, 60)
    assert len(service.shown) == 3 + 3 + 5  # the newest of each, the sent-again once, nobody's none


def test_an_answer_made_before_is_no_longer_fresh(service: Service) -> None:
    before = service.mark(service.bundle(), USER), service.mark(service.bundle(), "other")
    service.accept([], [shown("1", slate(service)[0])])
    assert service.mark(service.bundle(), USER) != before[0]
    assert service.mark(service.bundle(), "other") == before[1]


def test_a_restart_a_swap_and_a_command_know_it(asking: Shop) -> None:
    for service in running(asking):
        top = slate(service)[0]
        service.accept([], [shown("1", top), shown("2", top), shown("old", top, ago=200 * MICROSECONDS_PER_DAY)])
        service.flush()
        service.accept([], [shown("3", top)])
    for service in running(asking):
        assert [one.event_id for one in service.shown.read(USER)][-3:] == ["1", "2", "3"]
        assert top not in slate(service)
        train(asking, now=wall_clock(), as_of=wall_clock(), promote=True)  # which knows what is in the log
        service.look()
        assert top not in slate(service)
        known = service.bundle().world.known.histories.shown
        assert known is not None
        assert known.items.tolist() == [service.bundle().world.catalogue.items.find(top)] * len(known.items)
        assert len(known.items) >= 2
    bundle = open_bundle(asking)
    assert query_for(asking, bundle, Request(5, wall_clock(), USER)).shown.items.tolist() != []


def test_batches_know_it(asking: Shop) -> None:
    for service in running(asking):
        top = slate(service)[0]
        service.accept([], [shown("1", top), shown("2", top)])
    version = Shelf(asking.bundles).live()
    assert version is not None
    job = Job("batch", version, wall_clock(), 5, "", "", 2)
    made = Kitchen.of(asking, job).slates(job, [USER, "u00004"])
    assert top not in made.filter(user_id=USER)["item_id"]
    assert top in made.filter(user_id="u00004")["item_id"]


def test_nothing_is_held_where_no_stage_asks(service: Service, asking: Shop) -> None:
    service.accept([], [shown("1", slate(service)[0])])
    assert len(service.shown) == 1
    trained(asking, PLAIN % "")
    service.look()
    assert len(service.shown) == 0
    service.accept([], [shown("2", slate(service)[0])])
    assert len(service.shown) == 0
    trained(asking, IGNORED)
    service.look()
    service.accept([], [shown("3", slate(service)[0])])
    assert {one.event_id for one in service.shown.read(USER)} >= {"3"}
