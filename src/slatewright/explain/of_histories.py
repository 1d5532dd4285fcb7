"""Reasons of the models of this house: what each thing in a history adds to the score of an item."""

import numpy as np

from slatewright.core.arrays import Array, Index
from slatewright.core.errors import BadInput
from slatewright.core.randomness import Rng
from slatewright.data.histories import Histories
from slatewright.explain.reasons import How, Part, Reasons, largest_first
from slatewright.explain.surrogate import of_presence
from slatewright.models.model import Model
from slatewright.models.shapes.blend import Blend

# Shapes whose score is a sum over the events of a history, plus what needs no history. The others divide their score
# among the events by a rule of their own. Every shape stands in one of the two; a test holds that.
SUMS = frozenset(
    {"dense_pairs", "fact_factors", "factors", "filtered_graph", "item_pairs", "item_scores", "item_subspace"}
    | {"item_vectors", "rating_factors", "rating_pairs", "user_votes"}
)
DIVIDED = frozenset(
    {"encoded_histories", "fact_network", "item_rules", "kind_rates", "owned_factors", "pair_network", "rating_votes"}
    | {"repeat_rates", "segment_scores", "two_towers"}
)
PLACES = frozenset({"rank", "reciprocal_rank"})  # of a blend: a place is no sum

MOST_ITEMS = 200  # of a history that a surrogate leaves out now and then; older ones always stay
SAMPLES_AN_ITEM, FEWEST_SAMPLES, MOST_SAMPLES = 25, 500, 5_000
BLOCK_BYTES, EVENT_BYTES = 1 << 26, 64  # held at once: scores, and copies of the history
NOTHING = 1e-9  # of a score
ROUNDING = 1e-6  # of a sum of parts

NOTES = {
    "exact": "The parts are the terms of the model's own sum; base is what it says without the history.",
    "shared": "The score of this model is no sum over the history: the parts are how the model itself divides it.",
    "lime": "Parts are those of a linear surrogate, fitted to the same history with things left out: how the score "
    "changes without them, not how it is computed.",
}
NOTHING_KNOWN = "Nothing is known of this user: the score is the model's answer to everybody who is new."
SAYS_NOTHING = "The history adds nothing to this score: the model gives it whatever the history."


def how_exact(model: Model) -> How:
    """``exact`` where the parts are terms of the model's own sum, ``shared`` where it divides its score by a rule."""
    if isinstance(model, Blend):
        summed = all(how_exact(part) == "exact" for part in model.parts)
        return "exact" if summed and model.normalisation not in PLACES else "shared"
    return "exact" if model.shape in SUMS else "shared"


def check_exact(model: Model, method: str) -> None:
    """Let pass the method ``exact`` only where there are exact reasons.

    Raises:
        BadInput: the model's score is no sum.
    """
    if method == "exact" and how_exact(model) != "exact":
        raise BadInput(
            f"{model.shape} has no exact reasons, its score is no sum over the history; "
            "method='auto' shows how it divides its score, method='lime' fits a surrogate"
        )


def reasons_of_score(model: Model, history: Histories, item: int, method: str, rng: Rng) -> Reasons:
    """Why a model gives an item its score for one history; ``method`` is auto, exact or lime.

    A part is an item of the history with all its events; its value is their summed weight.

    Raises:
        BadInput: exact reasons of a model whose score is no sum.
        MissingExtra: lime is not installed.
    """
    check_exact(model, method)
    wanted = np.array([item], dtype=np.int32)
    score = float(model.score(history, wanted)[0, 0])
    items, place = np.unique(history.items, return_inverse=True)
    fit, how = None, how_exact(model)
    if method == "lime" and len(items):
        how, base, parts, fit = _left_out(model, history, item, rng)
    else:
        parts = np.bincount(place, model.reasons(history, item), minlength=len(items))
        base = _but_for_rounding(score - float(parts.sum()), float(np.abs(parts).sum()))
    says = bool(np.abs(parts).sum() > NOTHING * abs(score))
    names, weights = model.known.items, np.bincount(place, history.weights, minlength=len(items))
    told = largest_first(
        Part(name, name, float(weight), float(part))
        for name, weight, part in zip(names.names_of(items.astype(np.int32)), weights, parts * says, strict=True)
    )
    notes = _notes(how, says, len(items))
    return Reasons(names.name(item), model.shape, how, score, base, told, fit if says else None, notes)


def _but_for_rounding(base: float, moved: float) -> float:
    """Scores are float32: what is left of a sum of such numbers is nothing where it is less than they can tell."""
    return 0.0 if abs(base) < ROUNDING * moved else base


def _notes(how: How, says: bool, n_items: int) -> tuple[str, ...]:
    if n_items == 0:
        return (NOTHING_KNOWN,)
    notes = (NOTES[how],) if says else (SAYS_NOTHING,)
    if how == "lime" and n_items > MOST_ITEMS:
        return (*notes, f"Only the {MOST_ITEMS} latest of {n_items} items of the history were left out at times.")
    return notes


def _left_out(model: Model, history: Histories, item: int, rng: Rng) -> tuple[How, float, Array, float]:
    """The surrogate of a history's items: base, the parts float64 (distinct items,), and the fit."""
    items, place = np.unique(history.items, return_inverse=True)
    movable = _latest(place, len(items))
    column = np.full(len(items), len(movable))
    column[movable] = np.arange(len(movable))

    def score(present: Array) -> Array:
        there = np.c_[present > 0, np.ones(len(present), dtype=np.bool_)]  # the last column: what always stays
        return _scores(model, history, there, column[place], item)

    n_samples = int(np.clip(SAMPLES_AN_ITEM * len(movable), FEWEST_SAMPLES, MOST_SAMPLES))
    found = of_presence(score, len(movable), rng, n_samples)
    parts = np.zeros(len(items))
    parts[movable] = found.parts
    return "lime", found.base, parts, found.fit


def _latest(place: Array, n_items: int) -> Array:
    """The items of a history, oldest first, whose last events are the latest ``MOST_ITEMS``; sorted."""
    last = np.zeros(n_items, dtype=np.int64)
    last[place] = np.arange(len(place))
    return np.sort(np.argsort(last)[-MOST_ITEMS:])


def _scores(model: Model, history: Histories, there: Array, column: Array, item: int) -> Array:
    """What the model says of one item for one history with some events left out, float64 (samples,).

    ``there`` bool (samples, columns); ``column`` (events,) is the one that says whether an event is kept.
    """
    wanted, found = np.array([item], dtype=np.int32), []
    rows = max(1, BLOCK_BYTES // (4 * len(model.known.items) + EVENT_BYTES * len(column)))
    for start in range(0, len(there), rows):
        kept = there[start : start + rows][:, column]
        copies: Index = np.zeros(len(kept), dtype=np.int32)
        found.append(model.score(history.take(copies).only(kept.ravel()), wanted)[:, 0])
    return np.concatenate(found).astype(np.float64)
