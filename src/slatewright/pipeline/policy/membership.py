"""Texts: which are equal, which stand in a list, which hold a piece of another."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from slatewright.core.arrays import Index, Mask
from slatewright.core.clock import instant
from slatewright.core.errors import BadInput
from slatewright.pipeline.fact_columns import Lists, texts_in
from slatewright.pipeline.item_facts import ItemFacts
from slatewright.pipeline.policy.values import Compared, Moment, Value, combined

FEW = 4  # so many texts are compared one by one, more by a table


def same_text(facts: ItemFacts, left: Value, right: Value) -> Value:
    """Whether two texts are equal; one that is not known equals nothing."""

    def read(moment: Moment) -> Any:
        one, other = left.read(moment), right.read(moment)
        if left.of_item and right.of_item:
            return (one == other) & (one != 0)
        if left.of_item:
            return one == facts.words.find(other)
        if right.of_item:
            return other == facts.words.find(one)
        return one is not None and one == other

    form = None
    if left.of_item != right.of_item:
        form = Compared(_number_of(facts, left), "==", _number_of(facts, right))
    return combined("truth", read, left, right, form=form)


def _number_of(facts: ItemFacts, text: Value) -> Value:
    """The number of a text; that of a text of the item is what is read of it anyway."""
    return text if text.of_item else combined("number", lambda moment: facts.words.find(text.read(moment)), text)


def among(facts: ItemFacts, left: Value, right: Value) -> Value:
    """Whether a text, or any of several, stands in a list of texts."""
    if right.of_item:
        return _in_a_list_of_the_item(facts, left, right)
    if left.type == "texts" and left.of_item:
        return _in_a_list_of_the_item(facts, _several(right), left)

    def read(moment: Moment) -> Any:
        given = right.read(moment)
        wanted = given if isinstance(given, tuple) else texts_in(given)
        if left.of_item:
            return _any_of(left.read(moment), [facts.words.find(text) for text in wanted], len(facts.words))
        return not set(texts_in(left.read(moment)) if left.type == "texts" else (left.read(moment),)).isdisjoint(wanted)

    return combined("truth", read, left, right)


def _several(given: Value) -> Value:
    """A list of the request; one text is split."""
    return combined("texts", lambda moment: texts_in(given.read(moment)), given)


def _any_of(codes: Index, wanted: Sequence[int], n_words: int) -> Mask:
    if len(wanted) > FEW:
        table = np.zeros(n_words, dtype=np.bool_)
        table[[code for code in wanted if code < n_words]] = True
        return table.take(codes, mode="clip")  # a word that came just now is in no list
    mask = np.zeros(len(codes), dtype=np.bool_)
    for code in wanted:
        mask |= codes == code
    return mask


def _in_a_list_of_the_item(facts: ItemFacts, text: Value, several: Value) -> Value:
    name = str(several.fact)

    def read(moment: Moment) -> Any:
        if text.of_item:
            return moment.some(_own_among_own(Moment(facts, moment.query, None), text, facts.lists(name)))
        given = text.read(moment)
        return moment.having(name, given if isinstance(given, tuple) else () if given is None else (given,))

    return combined("truth", read, text, several)


def _own_among_own(everything: Moment, text: Value, lists: Lists) -> Mask:
    """Whether the text of each item stands in the list of the same item, bool (n_items,)."""
    codes = text.read(everything)
    owner = np.repeat(np.arange(len(codes)), np.diff(lists.offsets))
    hit = (lists.codes == codes[owner]) & (lists.codes != 0)
    return np.bincount(owner[hit], minlength=len(codes)) > 0


HOLDS: dict[str, Callable[[str, str], bool]] = {
    "contains": lambda text, piece: piece in text,
    "starts_with": lambda text, piece: text.startswith(piece),
    "ends_with": lambda text, piece: text.endswith(piece),
}


def holding(facts: ItemFacts, how: str, text: Value, piece: str) -> Value:
    """Whether a text holds a piece, whatever the case of both."""
    wanted, holds = piece.casefold(), HOLDS[how]

    def one(given: str | None) -> bool:
        return given is not None and holds(given.casefold(), wanted)

    return combined("truth", _by_word(facts, text, one, np.bool_), text)


def time_of(facts: ItemFacts, text: Value) -> Value:
    """The instant that a text names, µs UTC; not known where it names none."""

    def one(given: str | None) -> np.float64:
        try:
            return np.float64("nan") if given is None else np.float64(instant(given))
        except BadInput:
            return np.float64("nan")

    return combined("time", _by_word(facts, text, one, np.float64), text)


def _by_word(facts: ItemFacts, text: Value, one: Callable[[str | None], Any], kind: type) -> Callable[[Moment], Any]:
    """Ask once for each different text."""

    def read(moment: Moment) -> Any:
        given = text.read(moment)
        if not text.of_item:
            return one(given)
        codes, place = np.unique(given, return_inverse=True)
        return np.array([one(facts.words.names[code] if code else None) for code in codes.tolist()], dtype=kind)[place]

    return read
