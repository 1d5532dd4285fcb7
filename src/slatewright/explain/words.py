"""From an explanation's numbers to sentences for people who run a shop."""

import math
from collections.abc import Iterable, Mapping

from slatewright.core.clock import iso
from slatewright.data.catalogue import Catalogue
from slatewright.explain.explanation import Explanation, Proposed
from slatewright.pipeline.contracts import Query
from slatewright.pipeline.running import BEYOND, FILLER

MOST_DIGITS = 12
MOST_PARTS = 6  # of a score that are told one by one
FALLBACKS = {
    "newcomer": "Nothing is known of this visitor yet, so the slate shows what newcomers see.",
    "filled": "The sources had too few items that may be shown, so popular ones fill the slate.",
    "closed": "A filter broke. What may be shown is then unknown, so nothing is shown.",
}


def sentences(found: Explanation, query: Query, catalogue: Catalogue) -> tuple[str, ...]:
    """The explanation, most important first."""
    said = [_headline(found)]
    if not found.shown:
        said += _why_not(found, query, catalogue)
    if found.place is not None:
        said += _why(found)
    if found.fallback is not None:
        said.append(FALLBACKS[found.fallback])
    said += [f"Not every rule could hold: {remark}." for remark in found.remarks]
    said += [f"Something broke on the way and was passed over: {note}." for note in found.notes]
    return tuple(said)


def _headline(found: Explanation) -> str:
    whose = f"of {found.user_id}" if found.user_id is not None else "of this visitor"
    what = found.title if found.title == found.item_id else f"{found.title} ({found.item_id})"
    if found.shown:
        return f"{what} stands at position {found.position} in the slate {whose}."
    return f"{what} is not in the slate {whose}."


def _why(found: Explanation) -> list[str]:
    said = [_who_proposed(found)]
    if found.because:
        things = ", ".join(f"{one.title} ({one.share:.0%})" for one in found.because)
        said.append(f"What speaks for it in the history, by {found.because_model}: {things}.")
    if found.shared:
        facts = ", ".join(f"{one.words} ({one.share:.0%})" for one in found.shared)
        said.append(f"What its facts have in common with the history, by {found.shared_model}: {facts}.")
    if found.parts and found.score is not None:
        said.append(f"Its score is {_score_and_parts(found.score, found.parts)}.")
    said += [f"The order {move.order!r} moved it from place {move.before} to {move.after}." for move in found.moved]
    return said


def _score_and_parts(score: float, parts: Mapping[str, float]) -> str:
    """``8.84: taste +3.77, together +5.07``; of many parts the largest, and the others together."""
    digits, told = digits_of((score, *parts.values())), dict(parts)
    if len(parts) > MOST_PARTS:
        told = dict(sorted(parts.items(), key=lambda part: -abs(part[1]))[:MOST_PARTS])
        told["all else"] = sum(parts.values()) - sum(told.values())
    return f"{score:.{digits}f}: {', '.join(f'{name} {part:+.{digits}f}' for name, part in told.items())}"


def digits_of(values: Iterable[float]) -> int:
    """How many digits after the point tell numbers apart: two for those beyond 1, four, six or more for chances."""
    largest = max(map(abs, values), default=1.0)
    if largest >= 1 or not largest > 0:
        return 2
    return 4 if largest >= 0.01 else min(max(2 - math.floor(math.log10(largest)), 6), MOST_DIGITS)


def _who_proposed(found: Explanation) -> str:
    if not found.proposed:
        return f"No source proposed it; it came in with the {FILLER} items that fill the slate."
    return f"It was proposed by {_listed([_offer(one) for one in found.proposed])}."


def _offer(one: Proposed) -> str:
    return f"{one.source} (rank {one.rank} of {one.of})"


def _why_not(found: Explanation, query: Query, catalogue: Catalogue) -> list[str]:
    if found.dropped_by:
        return [_dropped(name, found, query, catalogue) for name in found.dropped_by]
    if found.place is not None and found.score is not None and found.last_score is not None:
        digits = digits_of((found.score, found.last_score, *found.parts.values()))
        return [
            f"It passed every filter and came to place {found.place} of {found.n_survivors}; the slate ends at "
            f"{found.k}. Its score is {found.score:.{digits}f}, the last item shown has {found.last_score:.{digits}f}."
        ]
    ranks = [f"{name} ranks it {rank} of {found.n_items}" for name, rank in found.model_ranks.items()]
    return ["No source proposed it" + (f": {_listed(ranks)}." if ranks else ".")]


def _dropped(name: str, found: Explanation, query: Query, catalogue: Catalogue) -> str:
    """The words for the filters of the house; a filter of the shop's own is named."""
    item = catalogue.items.find(found.item_id) or 0
    if name == "seen":
        times = query.history.times[query.history.items == item]
        when = f", last on {iso(int(times.max()))[:10]}" if len(times) and times.max() > 0 else ""
        return f"It is in the history already{when}, and what was seen is not shown again."
    if name == "unavailable":
        return "It cannot be sold now: its facts say that it is hidden or out of stock."
    if name == "excluded":
        return "This request excludes it."
    if name == "category":
        stands = _listed(catalogue.categories_of(item)) or "no category"
        return f"It stands in {stands}; {_wish(query)}."
    if name == BEYOND:
        offers = _listed([_offer(one) for one in found.proposed]) or "nobody"
        return f"It passed every filter, but the sources agree more on other items: it was proposed by {offers}."
    if name == "rules" and found.rules:
        titles = _listed([repr(one) for one in found.rules])
        return f"By the rules of the shop it is not shown: {titles}."
    return f"The filter {name!r} drops it."


def _wish(query: Query) -> str:
    wishes = []
    if query.categories is not None:
        wishes.append(f"the request wants only {_listed(sorted(query.categories)) or 'nothing'}")
    if query.exclude_categories:
        wishes.append(f"the request does not want {_listed(sorted(query.exclude_categories))}")
    return _listed(wishes)


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""
