"""Does the next slate react to a click? Asked over HTTP, as a shop page would."""

import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from slatewright.cli.loopback import get, post
from slatewright.core.errors import SlatewrightError

LENGTH = 8
STRANGER = "somebody-new"


@dataclass(frozen=True, slots=True)
class Reaction:
    """The slate before the click, what was clicked, the slate after it, and the milliseconds between."""

    user_id: str
    before: tuple[str, ...]
    clicked: str
    after: tuple[str, ...]
    milliseconds: float

    @property
    def arrived(self) -> tuple[str, ...]:
        """Items that are shown now and were not before."""
        return tuple(item for item in self.after if item not in self.before)


def click_and_look(server: str, user_ids: Sequence[str]) -> Reaction:
    """Ask for a slate, let its user view the first item, ask again.

    The first of the users who has not seen everything yet is asked for; a stranger, where there is none.

    Raises:
        SlatewrightError: the server does not answer as it should, or the slate does not react.
    """
    slates = ((user_id, _slate(server, user_id)) for user_id in (*user_ids, STRANGER))
    user_id, before = next(((user, slate) for user, slate in slates if slate["items"]), (STRANGER, None))
    if before is None:
        raise SlatewrightError("every slate is empty: there is nothing to click")
    clicked = before["items"][0]["item_id"]
    event = {"event_id": uuid.uuid4().hex, "user_id": user_id, "item_id": clicked, "slate_id": before["slate_id"]}
    began = time.perf_counter()
    receipt = post(server, "api", "events", body={"interactions": [event]})
    after = _slate(server, user_id)
    milliseconds = 1000 * (time.perf_counter() - began)
    if receipt["accepted"] != 1:
        raise SlatewrightError(f"the event was not accepted: {receipt}")
    reaction = Reaction(user_id, _items(before), clicked, _items(after), milliseconds)
    if clicked in reaction.after or reaction.after == reaction.before:
        raise SlatewrightError(f"the slate of {user_id} did not react to a view of {clicked}: {reaction.after}")
    return reaction


def _slate(server: str, user_id: str) -> Any:
    return get(server, "api", "recommend", user_id, k=LENGTH, surface="demo", slot="check")


def _items(slate: Any) -> tuple[str, ...]:
    return tuple(item["item_id"] for item in slate["items"])
