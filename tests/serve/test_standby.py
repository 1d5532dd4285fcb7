"""Popular answers made beforehand."""

import pytest

from slatewright.pipeline import Exclude
from slatewright.pipeline.request import Request
from slatewright.serve.live_bundle import LiveBundle
from slatewright.serve.standby import Standby
from slatewright.testing.town import AS_OF, town_pipeline


@pytest.fixture(scope="module")
def standby() -> Standby:
    return Standby.of(LiveBundle("v1", town_pipeline(), lambda kind, value: 1.0))


def test_it_holds_what_may_be_shown_most_popular_first(standby: Standby) -> None:
    shown = [one.item_id for one in standby.placed]
    assert len(shown) == 24  # i023 is sold out
    assert "i023" not in shown
    world = town_pipeline().world
    counts = world.popularity(30.0)
    ranked = [float(counts[item]) for item in standby.items]
    assert ranked == sorted(ranked, reverse=True)
    assert [world.catalogue.items.name(item) for item in standby.items] == shown


def test_a_user_is_not_shown_what_was_seen_or_ruled_out(standby: Standby) -> None:
    world = town_pipeline().world
    seen = {world.catalogue.items.name(int(item)) for item in world.known.histories.items_of(0)}
    request = Request(25, AS_OF, "u000", items=("i004",), exclude=("i002",))
    slate = standby.slate(request, 0, (), ["i001"])
    shown = {item.item_id for item in slate.items}
    assert shown == {one.item_id for one in standby.placed} - seen - {"i001", "i002", "i004"}
    assert [item.position for item in slate.items] == list(range(1, len(shown) + 1))
    assert (slate.fallback, slate.version, slate.user_id) == ("popular", "v1", "u000")


@pytest.mark.parametrize(
    ("wanted", "unwanted", "shelves"),
    [
        (None, (), {"tea", "coffee"}),
        ({"tea"}, (), {"tea"}),
        (None, {"tea"}, {"coffee"}),
        ({"tea"}, {"tea"}, set()),
        ((), (), set()),
        ({"no such shelf"}, (), set()),
    ],
)
def test_wishes_for_categories_are_kept(standby: Standby, wanted: object, unwanted: object, shelves: object) -> None:
    categories = None if wanted is None else frozenset(wanted)  # type: ignore[call-overload]
    request = Request(25, AS_OF, categories=categories, exclude_categories=frozenset(unwanted))  # type: ignore[call-overload]
    slate = standby.slate(request, 0, (), ())
    assert {shelf for item in slate.items for shelf in item.categories} == shelves


def test_pages_follow_each_other_and_every_slate_has_its_name(standby: Standby) -> None:
    whole = standby.slate(Request(10, AS_OF, "u001"), 0, (), ())
    second = standby.slate(Request(10, AS_OF, "u001"), 6, (), ())
    assert [item.item_id for item in second.items] == [item.item_id for item in whole.items[6:]]
    assert second.items[0].position == 1
    assert standby.slate(Request(10, AS_OF + 1, "u001"), 0, (), ()).slate_id != whole.slate_id


def test_rules_that_ask_the_user_or_the_request_hold() -> None:
    rules = (
        Exclude("user.drinks == category", name="no habits"),
        Exclude("id == 'i012'", when="request.surface == 'home'"),
    )
    standby = Standby.of(LiveBundle("v1", town_pipeline().ruled(rules), lambda kind, value: 1.0))
    slate = standby.slate(Request(25, AS_OF, "u060"), 0, (), ())
    assert {shelf for item in slate.items for shelf in item.categories} == {"coffee"}
    at_home = standby.slate(Request(25, AS_OF, surface="home"), 0, (), ())
    elsewhere = standby.slate(Request(25, AS_OF, surface="cart"), 0, (), ())
    assert {item.item_id for item in elsewhere.items} - {item.item_id for item in at_home.items} == {"i012"}
