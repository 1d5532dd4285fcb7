"""Golden requests: what a pipeline answered when it was trained, and must answer when it is opened.

They catch what sums cannot: a recipe that runs otherwise here, a library that computes otherwise.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from slatewright.core.errors import BadBundle
from slatewright.pipeline.pipeline import Pipeline
from slatewright.pipeline.request import Request
from slatewright.pipeline.slate import Slate

K = 10
USERS = 4
TOLERANCE = 1e-3  # relative; float32 sums differ between processors


def golden_answers(pipeline: Pipeline) -> tuple[Mapping[str, Any], ...]:
    """A few requests of every kind, with their answers."""
    return tuple(_answered(pipeline, request) for request in _requests(pipeline))


def _requests(pipeline: Pipeline) -> list[Mapping[str, Any]]:
    """Requests as JSON: known users over the whole range, a newcomer, an anonymous visitor, a category, some facts."""
    world = pipeline.world
    n_users, middle = len(world.known.users), len(world.catalogue) // 2
    spread = np.unique(np.linspace(0, max(n_users - 1, 0), min(USERS, n_users)).astype(np.int64))
    requests: list[Mapping[str, Any]] = [{"user_id": world.known.users.name(int(user))} for user in spread]
    requests += [{}, {"items": [world.catalogue.items.name(middle)]}]
    if len(world.catalogue.category_names):
        requests.append({"categories": [world.catalogue.category_names.name(0)]})
    if world.fact_popularity.values.height:
        fact, value = world.fact_popularity.values.row(0)
        requests.append({"facts": {fact: value}})
    return requests


def _answered(pipeline: Pipeline, request: Mapping[str, Any]) -> Mapping[str, Any]:
    return _told(request, pipeline.ask(_read(request, pipeline.world.as_of)))


def _told(request: Mapping[str, Any], slate: Slate) -> Mapping[str, Any]:
    return {
        "request": request,
        "item_ids": list(slate.item_ids),
        "scores": [round(placed.score, 6) for placed in slate.items],
    }


def _read(request: Mapping[str, Any], now: int) -> Request:
    wanted = request.get("categories")
    return Request(
        K,
        now,
        request.get("user_id"),
        tuple(request.get("items", ())),
        categories=None if wanted is None else frozenset(wanted),
        facts=dict(request.get("facts", {})),
    )


def check_golden(pipeline: Pipeline, golden: Sequence[Mapping[str, Any]]) -> None:
    """Ask the golden requests again.

    Raises:
        BadBundle: an answer differs from the one on the card; the message tells what broke on the way to it.
    """
    for expected in golden:
        slate = pipeline.ask(_read(expected["request"], pipeline.world.as_of))
        got = _told(expected["request"], slate)
        if not _same(expected, got):
            first = {one.problem: one for one in reversed(slate.trace.notes)}  # one cause breaks many stages
            broken = "; ".join(f"its {one.stage} {one.name} broke: {problem}" for problem, one in first.items())
            raise BadBundle(
                f"bundle {pipeline.world.version} answers {dict(expected['request'])} with {got['item_ids']}, "
                f"its card says {list(expected['item_ids'])}; {broken or 'train again or roll back'}"
            )


def _same(expected: Mapping[str, Any], got: Mapping[str, Any]) -> bool:
    """Equal up to rounding: items may change places only where their scores are level."""
    want, have = np.asarray(expected["scores"], dtype=float), np.asarray(got["scores"], dtype=float)
    if want.shape != have.shape:
        return False
    slack = TOLERANCE * max(1.0, float(np.abs(want).max(initial=0)))
    return bool(np.abs(want - have).max(initial=0) <= slack) and _moved_within(expected, got, want, slack)


def _moved_within(
    expected: Mapping[str, Any], got: Mapping[str, Any], scores: np.typing.NDArray[np.float64], slack: float
) -> bool:
    last = float(scores[-1]) if len(scores) else 0.0
    worth = dict(zip(expected["item_ids"], scores.tolist(), strict=True))
    pairs = zip(scores.tolist(), got["item_ids"], strict=True)
    return all(abs(worth.get(item_id, last) - score) <= slack for score, item_id in pairs)
