"""The bundle that answers: loaded, checked, swapped in one assignment."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

from slatewright.core.errors import BadInput
from slatewright.features.joining import WeightOf
from slatewright.pipeline.opening import open_pipeline
from slatewright.pipeline.pipeline import Pipeline
from slatewright.pipeline.world import World
from slatewright.serve.showing import Window, window
from slatewright.store.kept_slates import name_of
from slatewright.store.shelf import Shelf
from slatewright.store.shop import Shop

log = logging.getLogger("slatewright.serve")


@dataclass(frozen=True, eq=False)
class LiveBundle:
    """One version, ready to answer. A request holds on to the one it began with."""

    version: str
    pipeline: Pipeline
    weight_of: WeightOf

    @property
    def world(self) -> World:
        return self.pipeline.world

    @cached_property
    def window(self) -> Window:
        """What people see of its items."""
        return window(self.world.catalogue, self.world.item_facts)

    @cached_property
    def policy(self) -> str:
        """The name of the shop's rules that it is under."""
        return name_of(self.pipeline.policy)

    @property
    def mark(self) -> str:
        """What it answers by, besides what is known of users: another text under other rules or facts of items."""
        return f"{self.version}|{self.policy}|{self.world.item_facts.mark:x}"


class LivePointer:
    """Follows the shop's live pointer. ``bundle`` is read by every request; only ``look`` writes it.

    ``ruled`` lays the shop's rules around a pipeline, ``prepare`` is called with a bundle before it becomes live.
    """

    def __init__(
        self, shop: Shop, ruled: Callable[[Pipeline], Pipeline], prepare: Callable[[LiveBundle], None]
    ) -> None:
        self._shop, self._ruled, self._prepare = shop, ruled, prepare
        self._looking = threading.Lock()
        self._seen: tuple[int, int, str] | None = None
        self.bundle: LiveBundle | None = None
        self.refused: str | None = None

    def look(self) -> None:
        """Load the promoted bundle when the pointer has moved; keep the old one live when the new one is refused."""
        with self._looking:
            seen = self._glance()
            if seen is None or seen == self._seen:
                return
            self._seen, version = seen, seen[2]
            if self.bundle is None or version != self.bundle.version:
                self._swap(version)
            else:
                self.refused = None

    def rule(self) -> bool:
        """Lay the shop's rules around the live bundle anew; whether there is one and the rules can be used."""
        with self._looking:
            if self.bundle is None:
                self._seen = None  # what was refused may do under other rules
                return False
            try:
                self.bundle = replace(self.bundle, pipeline=self._ruled(self.bundle.pipeline))
            except BadInput:  # it goes on under the rules it has, and whoever rules has said why
                return False
            return True

    def _glance(self) -> tuple[int, int, str] | None:
        """What the pointer says, with the marks of the file, so that promoting the same version again is seen."""
        version = Shelf(self._shop.bundles).live()
        if version is None:
            return None
        about = (self._shop.bundles / "live").stat()
        return about.st_mtime_ns, about.st_ino, version

    def _swap(self, version: str) -> None:
        try:
            bundle = LiveBundle(version, self._ruled(open_pipeline(self._shop, version)), self._shop.weighing())
            self._prepare(bundle)
        except Exception as error:  # whatever is wrong with a bundle, the one before it goes on answering
            self.refused = f"{version} is refused: {error}"
            log.error("%s; %s stays live", self.refused, self.bundle.version if self.bundle else "nothing")
            return
        self.bundle, self.refused = bundle, None
        log.info("%s is live", version)
