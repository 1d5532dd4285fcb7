"""Checks of time: test events before the split, and features that look after ``as_of``."""

import numpy as np

from slatewright.core.arrays import Mask, Offsets
from slatewright.core.clock import iso
from slatewright.data.splits import Order
from slatewright.evaluate.audit.evidence import Evidence
from slatewright.evaluate.audit.finding import SHOWN, Finding
from slatewright.pipeline.pipeline import Pipeline

SPLIT_BY_TIME = "split by time (GlobalTime, RollingWindows), or read the log as of the split"


def check_time(evidence: Evidence) -> Finding:
    """No test event lies at or before the split: of everybody, or of each user, as the protocol has it."""
    if not evidence.told_time:
        return Finding("time", "warned", "the events tell no time, so nothing says what came first")
    if evidence.protocol.order is Order.ALL:
        return _before_the_split(evidence)
    if evidence.protocol.order is Order.USER:
        late = evidence.known & (_last_training(evidence) > evidence.cases.first)
        if late.any():
            reason = f"{late.sum():,} users have training events after the first of their own test events"
            return Finding("time", "failed", reason, int(late.sum()), _users(evidence, late), SPLIT_BY_TIME)
    later = int((evidence.train.interactions.time >= evidence.cases.first.min(initial=2**63 - 1)).sum())
    reason = (
        f"{evidence.protocol.name} leaks in time by construction: a model may see other users' later events "
        f"({later:,} of {len(evidence.train.interactions):,} training events lie at or after the first test event)"
    )
    return Finding("time", "warned", reason, later, remedy="for figures as in life, " + SPLIT_BY_TIME)


def _before_the_split(evidence: Evidence) -> Finding:
    as_of, table = evidence.train.as_of, evidence.train.interactions
    late = np.flatnonzero(table.time >= as_of)
    if len(late):
        some = evidence.events(table.take(late[:SHOWN]))
        reason = f"{len(late):,} training events lie at or after the split, {iso(as_of)}"
        return Finding("time", "failed", reason, len(late), some, SPLIT_BY_TIME)
    early = evidence.cases.first < as_of
    if early.any():
        reason = f"{early.sum():,} users have test events before the split, {iso(as_of)}"
        return Finding("time", "failed", reason, int(early.sum()), _users(evidence, early), SPLIT_BY_TIME)
    reason = f"{len(table):,} training events lie before {iso(as_of)}, the test events of {len(early):,} users after"
    return Finding("time", "passed", reason)


def _last_training(evidence: Evidence) -> Offsets:
    """When the last training event of each case's user happened, int64 (n,); long ago where there is none."""
    last = np.full(evidence.train.n_users, np.iinfo(np.int64).min)
    ends = evidence.offsets[1:]
    has = np.diff(evidence.offsets) > 0
    last[has] = evidence.train.interactions.time[ends[has] - 1]
    return last[evidence.user_of_case] if len(last) else np.full(len(evidence.cases), np.iinfo(np.int64).min)


def _users(evidence: Evidence, cases: Mask) -> tuple[str, ...]:
    return tuple(evidence.cases.users.gather(np.flatnonzero(cases)[:SHOWN]))


def check_features(evidence: Evidence) -> Finding:
    """Nothing that a recommender looks at is of after the instant of asking: histories, facts, the bundle itself."""
    late = _late_histories(evidence)
    if late.any():
        reason = f"the histories of {late.sum():,} test users reach beyond the instant they are asked at"
        remedy = "give each case what its user had done by then"
        return Finding("features", "failed", reason, int(late.sum()), _users(evidence, late), remedy)
    as_of = evidence.train.as_of
    ahead = {name: one.world.as_of for name, one in _pipelines(evidence) if one.world.as_of > as_of}
    if ahead:
        told = tuple(f"{name} as of {iso(instant)}" for name, instant in ahead.items())
        reason = f"{len(ahead)} pipelines know what was known after {iso(as_of)}, the end of training"
        return Finding("features", "failed", reason, len(ahead), told, "fit them on the training part of this split")
    return _facts(evidence)


def _late_histories(evidence: Evidence) -> Mask:
    cases = evidence.cases
    late = np.zeros(len(cases), dtype=np.bool_)
    if evidence.protocol.order is Order.NONE or not evidence.told_time:
        return late
    owner = np.repeat(np.arange(len(cases)), cases.histories.lengths())
    # where everybody is asked at the split, an event of that very instant is not known any more
    latest = cases.now - (evidence.protocol.order is Order.ALL)
    late[owner[cases.histories.times > latest[owner]]] = True
    return late


def _pipelines(evidence: Evidence) -> list[tuple[str, Pipeline]]:
    return [(name, one) for name, one in evidence.recommenders.items() if isinstance(one, Pipeline)]


def _facts(evidence: Evidence) -> Finding:
    train = evidence.train
    if not train.item_facts.height and not train.user_facts.height:
        return Finding("features", "passed", f"histories end before {iso(train.as_of)}; there are no facts")
    if train.facts_until is None:
        reason = "facts carry no time here: nothing says that they were known at the split"
        return Finding("features", "warned", reason, remedy="read them from a log, as of the split")
    if train.facts_until >= train.as_of:
        reason = f"facts are as told until {iso(train.facts_until)}, and training ends at {iso(train.as_of)}"
        return Finding("features", "failed", reason, 1, remedy="read the log as of the split, as fold_of_shop does")
    if evidence.protocol.order is Order.ALL:
        return Finding("features", "passed", f"histories and facts are of before {iso(train.as_of)}")
    reason = f"{evidence.protocol.name} looks ahead by construction: facts are those of the end of the data"
    return Finding("features", "warned", reason, remedy="for figures as in life, split by time")
