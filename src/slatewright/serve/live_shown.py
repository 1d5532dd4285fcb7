"""What users were shown since the live bundle learned, where any of its stages looks at that."""

from collections.abc import Iterable

from slatewright.data.showings import MOST_SHOWN
from slatewright.events.journal import Journal
from slatewright.events.log import EventLog
from slatewright.events.records import Impression
from slatewright.features.live import LiveLimits, LiveShown, Sight, sights
from slatewright.serve.live_bundle import LiveBundle
from slatewright.serve.replaying import replay_shown


class ShownLately:
    """Follows the impressions that arrive; nothing is held for bundles that do not ask. ``most`` items are held."""

    def __init__(self, log: EventLog, journal: Journal, most: int) -> None:
        self._log, self._journal, self._limits = log, journal, LiveLimits(most, MOST_SHOWN)
        self._held: LiveShown | None = None
        self._since = 0

    def prepare(self, bundle: LiveBundle, since: int, *, again: bool = False) -> None:
        """Before a bundle becomes live: read back what was shown at or after an instant (µs UTC), if it asks.

        ``again``: also where that was read before.
        """
        if not bundle.pipeline.stages.asks_shown:
            return
        held = self._held
        if held is None or again or since < self._since:
            self._held, self._since = LiveShown(self._limits), since  # what arrives meanwhile is held already
            self._held.apply(replay_shown(self._log, self._journal, since, self._limits.max_events))

    def went_live(self, bundle: LiveBundle, since: int) -> None:
        """A bundle is live: what only bundles before it needed is let go."""
        if not bundle.pipeline.stages.asks_shown:
            self._held = None
        elif self._held is not None:
            self._held.forget(since)
            self._since = since

    def see(self, impressions: Iterable[Impression]) -> None:
        """Take in slates that are durable, in any order."""
        held = self._held
        if held is not None:
            held.apply(sights(impressions))

    def read(self, user_id: str | None) -> tuple[Sight, ...]:
        """What a user was shown since the bundle learned, oldest first."""
        held = self._held
        return () if held is None or user_id is None else held.read(user_id)

    def __len__(self) -> int:
        """Items held."""
        return 0 if self._held is None else len(self._held)
