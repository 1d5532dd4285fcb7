"""Checks of what was fitted: ids of the test part in maps and facts, and test events in models and transforms."""

from collections.abc import Iterator

import numpy as np
import polars as pl

from slatewright.core.arrays import Frame, Index, Mask
from slatewright.core.clock import iso
from slatewright.data.splits import Order
from slatewright.evaluate.audit.evidence import Evidence
from slatewright.evaluate.audit.finding import SHOWN, Finding
from slatewright.evaluate.audit.transforms import foreign_to
from slatewright.models import Known, Model
from slatewright.pipeline.pipeline import Pipeline


def check_ids(evidence: Evidence) -> Finding:
    """No item or user of the test part is in the maps of the training part without an event or a fact there."""
    train, cases = evidence.train, evidence.cases
    items = np.unique(cases.relevant[~cases.hot[cases.relevant]])
    users = np.unique(evidence.user_of_case[evidence.known])
    users = users[np.diff(evidence.offsets)[users] == 0]
    cold = items[~_told(train.item_facts, items)], users[~_told(train.user_facts, users)]
    n_cold = sum(map(len, cold))
    if n_cold and not evidence.protocol.whole_maps:
        reason = f"{len(cold[0]):,} items and {len(cold[1]):,} users of the test part have an index in training, and "
        reason += "neither an event nor a fact there: the id maps were made from the test part too"
        some = (*(train.items.name(int(one)) for one in cold[0][:SHOWN]), *evidence.users(cold[1]))
        remedy = "make them from the training part alone, as the splits of slatewright.data.splits do"
        return Finding("ids", "failed", reason, n_cold, some[:SHOWN], remedy)
    if evidence.protocol.whole_maps:
        reason = f"{evidence.protocol.name} gives {len(items):,} test items an index on purpose, known by their facts"
        return Finding("ids", "warned", f"{reason}; {n_cold:,} have no facts" if n_cold else reason, len(items))
    if len(items) + len(users) and train.facts_until is None:
        reason = f"{len(items):,} test items and {len(users):,} test users are known by facts that carry no time"
        return Finding("ids", "warned", reason, len(items) + len(users))
    new = int((~evidence.known).sum())
    reason = f"what training never saw has no index there: {new:,} users and {cases.unknown.sum():,} right items"
    return Finding("ids", "passed", reason)


def _told(facts: Frame, rows: Index) -> Mask:
    """Which rows have a fact, bool (rows,)."""
    if not facts.height or not len(rows):
        return np.zeros(len(rows), dtype=np.bool_)
    return facts[rows].select(pl.any_horizontal(pl.all().is_not_null())).to_series().to_numpy()


def check_fitted(evidence: Evidence) -> Finding:
    """No model was fitted on test events or test users, no transform on ids or words of the test part."""
    opaque = 0
    for name, recommender in evidence.recommenders.items():
        if not isinstance(recommender, Model | Pipeline):
            opaque += 1
            continue
        for known in _distinct(recommender):
            if found := _leaked(evidence, name, known):
                return found
    for name, transform in evidence.transforms.items():
        if foreign := foreign_to(evidence.train, transform):
            reason = f"{name} was fitted on {len(foreign):,} ids or values that the training part does not have"
            remedy = "fit it on rows of the training part alone"
            return Finding("fitted", "failed", reason, len(foreign), tuple(foreign[:SHOWN]), remedy)
    seen = len(evidence.recommenders) - opaque
    reason = f"{seen} fitted recommenders and {len(evidence.transforms)} transforms know nothing of the test part"
    reason += f"; {opaque} are functions, whose learning cannot be looked at" if opaque else ""
    return Finding("fitted", "passed", reason)


def _distinct(recommender: Model | Pipeline) -> Iterator[Known]:
    """What was known to a recommender, each data set once."""
    models = [recommender] if isinstance(recommender, Model) else list(recommender.world.models.values())
    every = [model.known for model in models] + ([recommender.world.known] if isinstance(recommender, Pipeline) else [])
    yield from {id(known.histories.items): known for known in every}.values()


def _leaked(evidence: Evidence, name: str, known: Known) -> Finding | None:
    train = evidence.train
    if known.histories.items is train.interactions.item:
        return None
    remedy = "fit it on the training part of this split"
    strange = known.users.names.filter(pl.Series(~train.users.locate(known.users.names)[1]))
    strange = strange.filter(strange.is_in(evidence.cases.users.to_list()))
    if len(strange):
        reason = f"{name} was fitted on {len(strange):,} test users that the training part does not have"
        return Finding("fitted", "failed", reason, len(strange), tuple(strange[:SHOWN]), remedy)
    if len(known.items) > train.n_items and known.items.locate(train.items.names)[1].all():
        more = known.items.names.filter(pl.Series(~train.items.locate(known.items.names)[1]))
        reason = f"{name} was fitted on {len(more):,} items that the training part does not have"
        return Finding("fitted", "failed", reason, len(more), tuple(more[:SHOWN]), remedy)
    late = int((known.histories.times >= train.as_of).sum())
    if late and evidence.protocol.order is Order.ALL and evidence.told_time:
        reason = f"{name} was fitted on {late:,} events at or after the split, {iso(train.as_of)}"
        return Finding("fitted", "failed", reason, late, remedy=remedy)
    return _learned_test_events(evidence, name, known, remedy)


def _learned_test_events(evidence: Evidence, name: str, known: Known, remedy: str) -> Finding | None:
    if len(known.items) != evidence.train.n_items or not known.items.names.equals(evidence.train.items.names):
        return None  # indices of other items mean other things; asking it for lists is refused
    learned = evidence.learned(known.histories, evidence.train.users.positions(known.users.names))
    found = evidence.test_events_in(learned)
    if len(found) <= len(evidence.same_events):  # what training has on both sides is told by another check
        return None
    reason = f"{name} was fitted on {len(found):,} of the test events"
    return Finding("fitted", "failed", reason, len(found), evidence.events(found), remedy)
