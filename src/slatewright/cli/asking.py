"""Ask a shop on the command line as the server would: what was learned, and what happened since."""

import polars as pl

from slatewright.core.errors import BadInput, NotThere
from slatewright.events.journal import Journal
from slatewright.pipeline.contracts import Query
from slatewright.pipeline.opening import open_pipeline
from slatewright.pipeline.policy.policy_file import POLICY, read_policy
from slatewright.pipeline.request import Request
from slatewright.pipeline.world import World
from slatewright.serve.asking import query_of
from slatewright.serve.counting import Counting
from slatewright.serve.live_bundle import LiveBundle
from slatewright.serve.live_facts import LiveFacts
from slatewright.serve.replaying import GRACE, replay, replay_shown
from slatewright.serve.settings import Serving
from slatewright.serve.told_users import ToldUsers
from slatewright.store.shelf import Shelf
from slatewright.store.shop import Shop


def open_bundle(shop: Shop, version: str | None = None) -> LiveBundle:
    """A version of the shop, the live one by default, ready to answer: with what was counted and told since it learned.

    Raises:
        NotThere: nothing is live, or there is no such version.
        BadBundle: the bundle is not whole.
    """
    version = version or Shelf(shop.bundles).live()
    if version is None:
        raise NotThere(f"nothing is live in {shop.root}; train first: slatewright train --shop {shop.root}")
    pipeline = open_pipeline(shop, version)
    pipeline = pipeline.ruled(read_policy(shop.root / POLICY, pipeline.world))
    bundle = LiveBundle(version, pipeline, shop.weighing())
    journal = Journal(shop.journal)
    try:
        Counting(shop, journal).prepare(bundle.world)
        LiveFacts(shop.log, journal).prepare(bundle.world, bundle.world.as_of - GRACE)
    finally:
        journal.close()
    return bundle


def query_for(shop: Shop, bundle: LiveBundle, request: Request) -> Query:
    """The query of a request, fresh events of its user included."""
    user_id, since, serving = request.user_id, bundle.world.as_of, shop.knobs("serve", Serving)
    if user_id is None:
        return query_of(bundle, request, ())
    journal = Journal(shop.journal)
    try:
        done = replay(shop.log, journal, since, serving.max_live_events)
        asks = bundle.pipeline.stages.asks_shown
        shown = replay_shown(shop.log, journal, since, serving.max_live_shown) if asks else []
        told = ToldUsers(shop.log, journal, serving.max_told_facts)
        told.prepare(since - GRACE)
    finally:
        journal.close()
    fresh = [one for one in done if one.user_id == user_id]
    return query_of(bundle, request, fresh, [one for one in shown if one.user_id == user_id], told.read(user_id))


def facts_of(pairs: list[str]) -> dict[str, str]:
    """``["country=Spain"]`` as a mapping.

    Raises:
        BadInput: a pair has no equals sign.
    """
    for pair in pairs:
        if "=" not in pair:
            raise BadInput(f"--fact must be name=value, like country=Spain, got {pair!r}")
    return {name: value for name, _, value in (pair.partition("=") for pair in pairs)}


def left_out(world: World, request: Request) -> list[str]:
    """A sentence for each name in a request that means nothing to this shop, so that a slip of the pen is seen."""
    items, shelves = world.catalogue.items, world.catalogue.category_names
    asked = (
        ("--item", request.items, items, "item"),
        ("--exclude", request.exclude, items, "item"),
        ("--category", sorted(request.categories or ()), shelves, "category"),
        ("--exclude-category", sorted(request.exclude_categories), shelves, "category"),
    )
    unknown = [
        f"{option} {name}: there is no such {what}; ids are exact, upper and lower case differ"
        for option, names, known, what in asked
        for name in names
        if name not in known
    ]
    return unknown + [said for pair in request.facts.items() if (said := _unread_fact(world, *pair))]


def _unread_fact(world: World, name: str, value: str) -> str | None:
    facts = world.user_facts
    if name not in facts.columns:
        there = ", ".join(facts.columns) or "none"
        return f"--fact {name}={value}: no user of this shop has such a fact; those they have: {there}"
    if facts.schema[name] == pl.String and value not in facts[name]:
        return f"--fact {name}={value}: no user of this shop has this value, so it says nothing"
    return None


def known_item(bundle: LiveBundle, item_id: str) -> str:
    """The item id itself, when the catalogue has it.

    Raises:
        NotThere: it has not.
    """
    if item_id not in bundle.world.catalogue.items:
        raise NotThere(
            f"there is no item {item_id!r} in bundle {bundle.version}; ids are exact, upper and lower case differ"
        )
    return item_id
