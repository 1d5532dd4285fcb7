"""Popular answers made beforehand: what is left when no thread is free, or every one of them hangs."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from types import MappingProxyType

import numpy as np

from slatewright.core.clock import wall_clock
from slatewright.pipeline.guarded import drop
from slatewright.pipeline.policy.filtering import BoundRuleFilter
from slatewright.pipeline.request import Request
from slatewright.pipeline.slate import Placed
from slatewright.pipeline.telling import Facts, with_told
from slatewright.serve.ladder import POPULAR
from slatewright.serve.live_bundle import LiveBundle
from slatewright.serve.responses import ItemOut, SlateOut

DEPTH = 1000  # popular items at hand, so that something is left for whoever has seen the first of them


@dataclass(frozen=True)
class Standby:
    """The most popular items that a stranger may be shown, made by the filters of one bundle at one instant."""

    bundle: LiveBundle
    items: tuple[int, ...]
    placed: tuple[Placed, ...]

    @classmethod
    def of(cls, bundle: LiveBundle) -> "Standby":
        """Ask the bundle now."""
        stages = replace(bundle.pipeline.stages, sources=(), newcomers=(), score=None, orders=())
        query = bundle.pipeline.query(Request(min(DEPTH, len(bundle.world.catalogue)) or 1, wall_clock()))
        placed = bundle.pipeline.answer(query, stages).items
        found, _ = bundle.world.catalogue.items.locate([one.item_id for one in placed])
        return cls(bundle, tuple(found.tolist()), placed)

    def slate(
        self,
        request: Request,
        offset: int,
        image_hosts: Sequence[str],
        fresh: Collection[str],
        told: Facts = MappingProxyType({}),
    ) -> SlateOut:
        """A slate without what the user has seen; ``fresh`` are the items seen since the bundle learned, ``told`` the
        facts of the user.

        The shop's rules are asked for this request, since they may forbid what a stranger may be shown. Takes some
        50 µs, with 200 rules a third of a millisecond, so the event loop may ask.
        """
        known = self.bundle.world.known
        user = None if request.user_id is None else known.users.find(request.user_id)
        seen = frozenset() if user is None else frozenset(known.histories.items_of(user).tolist())
        out = {*request.exclude, *request.items, *fresh}
        wanted = (
            one
            for item, one, allowed in zip(self.items, self.placed, self._allowed(request, told), strict=True)
            if allowed and item not in seen and one.item_id not in out and self._fits(one.item_id, request)
        )
        items = [
            ItemOut.of(self.bundle, one.item_id, image_hosts, position, one)
            for position, one in enumerate(islice(wanted, offset, request.k), start=1)
        ]
        return SlateOut(_slate_id(self.bundle.version, request), request.user_id, items, POPULAR, self.bundle.version)

    def _allowed(self, request: Request, told: Facts) -> Sequence[bool]:
        """Which items the shop's rules let pass; none where a rule breaks."""
        rules = [one for one in self.bundle.pipeline.stages.filters if isinstance(one, BoundRuleFilter)]
        if not rules:
            return [True] * len(self.items)
        items = np.array(self.items, dtype=np.int32)
        query = with_told(self.bundle.pipeline.query(request), told, request.facts)
        allowed: list[bool] = (drop(rules, query, items, []) == 0).tolist()
        return allowed

    def _fits(self, item_id: str, request: Request) -> bool:
        if request.categories is None and not request.exclude_categories:
            return True
        shelves = self.bundle.window(item_id).categories
        wanted = request.categories is None or not request.categories.isdisjoint(shelves)
        return wanted and request.exclude_categories.isdisjoint(shelves)


def _slate_id(version: str, request: Request) -> str:
    parts = (POPULAR, version, request.user_id, request.k, request.now, request.surface, request.slot)
    return hashlib.blake2b(repr(parts).encode(), digest_size=16).hexdigest()
