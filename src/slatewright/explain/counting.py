"""What counts in a model of this house over many users: which items, kinds of events and ages carry its lists."""

from collections.abc import Mapping

import numpy as np

from slatewright.core.arrays import Array
from slatewright.core.clock import MICROSECONDS_PER_DAY
from slatewright.core.errors import BadInput
from slatewright.core.randomness import Rng, generator
from slatewright.data.histories import Histories
from slatewright.explain.of_histories import NOTES, SAYS_NOTHING, how_exact
from slatewright.explain.reasons import Importance, Weight, weights_of
from slatewright.models.model import Model
from slatewright.pipeline.learning import Progress, silent

MOST_USERS = 100  # drawn where there are more
LISTED = 10  # the best items of each, whose scores are looked at
KEPT = 100  # items that are named
REPEATING = frozenset({"kind_rates", "repeat_rates"})  # models whose lists are of what the history has already
AGES = {7: "up to 7 days", 30: "8 to 30 days", 90: "31 to 90 days", 365: "91 to 365 days"}
OLDEST = "more than 365 days"


def importance_of_histories(
    model: Model, histories: Histories, rng: Rng = 0, *, progress: Progress = silent
) -> Importance:
    """The mean size of what each thing adds to the score of a listed item, by item, kind of event, and age of event.

    Looked at are the ``LISTED`` best items of each history; of many histories ``MOST_USERS`` are drawn. Ages are
    counted back from the latest event of all.

    Raises:
        BadInput: no history has an event.
    """
    told = np.flatnonzero(histories.lengths())
    if len(told) == 0:
        raise BadInput("what counts in a model shows in its answers to histories, and none of these has an event")
    if len(told) > MOST_USERS:
        told = np.sort(generator(rng).choice(told, MOST_USERS, replace=False))
    chosen = histories.take(told.astype(np.int32))
    sizes, answers = _sizes(model, chosen, progress)
    how = how_exact(model)
    note = f"Importance is the mean size of what a thing adds to the scores of the {LISTED} best items of users."
    notes = (note, NOTES[how] if sizes.any() else SAYS_NOTHING)
    return Importance(model.shape, how, answers, _by(model, chosen, sizes / max(answers, 1)), notes)


def _sizes(model: Model, histories: Histories, progress: Progress) -> tuple[Array, int]:
    """The summed size of what each event adds, float64 (events,), and to how many scores."""
    lists = model.best(histories, LISTED, filter_seen=model.shape not in REPEATING)
    sizes, answers = np.zeros(len(histories.items)), 0
    for user in range(len(histories)):
        progress("look at lists", user, len(histories))
        events, history = slice(histories.offsets[user], histories.offsets[user + 1]), histories.one(user)
        for item in lists.items[user, : lists.counts[user]]:
            sizes[events] += np.abs(model.reasons(history, int(item)))
            answers += 1
    return sizes, answers


def _by(model: Model, histories: Histories, sizes: Array) -> Mapping[str, tuple[Weight, ...]]:
    items = np.unique(histories.items)
    amounts = np.bincount(histories.items, sizes, minlength=len(model.known.items))[items]
    by_item = weights_of(dict(zip(model.known.items.names_of(items.astype(np.int32)), amounts.tolist(), strict=True)))
    found = {"item": by_item[:KEPT]}
    if histories.kinds is not None and len(np.unique(histories.kinds)) > 1:
        kinds = np.bincount(histories.kinds, sizes, minlength=len(histories.kind_names))
        found["kind"] = weights_of(_above_zero(histories.kind_names, kinds, histories.kinds))
    if np.ptp(histories.times):
        days = (histories.times.max() - histories.times) / MICROSECONDS_PER_DAY
        bands = np.searchsorted(list(AGES), days)
        names = (*AGES.values(), OLDEST)
        found["age"] = weights_of(_above_zero(names, np.bincount(bands, sizes, minlength=len(names)), bands))
    return found


def _above_zero(names: tuple[str, ...], amounts: Array, present: Array) -> dict[str, float]:
    """Amounts by name, of what is there at all."""
    return {names[at]: float(amounts[at]) for at in np.unique(present)}
