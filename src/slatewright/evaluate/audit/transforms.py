"""What else was fitted, besides the recommenders: encoders and vocabularies, by what they were fitted on."""

from collections.abc import Iterable

import polars as pl

from slatewright.core.arrays import Frame
from slatewright.core.errors import BadInput
from slatewright.data.dataset import Dataset
from slatewright.data.encoding.fact_categories import words_of
from slatewright.data.encoding.facts import FactsModel
from slatewright.data.idmap import IdMap


def foreign_to(train: Dataset, transform: object) -> list[str]:
    """What a transform can only have from outside the training part: words of its facts, or ids it was fitted on.

    Raises:
        BadInput: it is neither a ``FactsModel`` nor ids.
    """
    if isinstance(transform, FactsModel):
        return [word for frame in (train.item_facts, train.user_facts) for word in _foreign_words(frame, transform)]
    if isinstance(transform, str) or not isinstance(transform, IdMap | pl.Series | Iterable):
        raise BadInput(f"a declared transform must be a FactsModel or ids, got {type(transform).__name__}")
    names = transform.names if isinstance(transform, IdMap) else pl.Series("id", transform, dtype=pl.String)
    known = train.items.locate(names)[1] | train.users.locate(names)[1]
    return names.filter(pl.Series(~known)).to_list()


def _foreign_words(facts: Frame, model: FactsModel) -> list[str]:
    found = []
    for fact in model.categories:
        if fact.name in facts.columns:
            known = set(words_of(facts[fact.name], fact.fill)["word"])
            found += [f"{fact.name}={word}" for word in fact.values if word not in known]
    return found
