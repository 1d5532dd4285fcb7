"""Checks of what stands on both sides of the split: visits, events, pairs of user and item."""

import numpy as np

from slatewright.data.splits import Order
from slatewright.data.splits.matching import also_in
from slatewright.evaluate.audit.evidence import Evidence
from slatewright.evaluate.audit.finding import Finding


def check_sessions(evidence: Evidence) -> Finding:
    """No visit has events on both sides: its beginning tells what follows."""
    table, tested = evidence.train.interactions, evidence.tested
    if table.session is None or tested.session is None:
        return Finding("sessions", "passed", "no event tells which visit it belongs to")
    shared = also_in(table.session, evidence.offsets, tested.session, evidence.tested_offsets) & (table.session > 0)
    if not shared.any():
        told = tested.session > 0
        visits = len(np.unique(tested.user[told].astype(np.int64) << 31 | tested.session[told]))
        return Finding(
            "sessions", "passed", f"none of the {visits:,} visits of known users in the test part began before it"
        )
    rows = np.flatnonzero(shared)
    visits = len(np.unique(np.stack([table.user[rows], table.session[rows]]), axis=1).T)
    reason = f"{visits:,} visits have events in training and in the test part"
    remedy = "keep a visit whole, as the splits of slatewright.data.splits do"
    return Finding("sessions", "failed", reason, visits, evidence.users(table.user[rows]), remedy)


def check_duplicates(evidence: Evidence) -> Finding:
    """No event is on both sides, and no pair that training has is asked for as a new item.

    A pair on both sides at different times is a repeat purchase: it counts only where the question is about everything
    that a user took, not where it is about new items.
    """
    same = evidence.same_events
    if len(same):
        reason = f"{len(same):,} training events are test events too: one user, item, kind and instant"
        remedy = "remove repeats before splitting (slatewright import does), or give the events their times"
        return Finding("duplicates", "failed", reason, len(same), evidence.events(same), remedy)
    if evidence.ratings and evidence.protocol.order is Order.NONE and evidence.repeated.any():
        again = evidence.train.interactions.take(evidence.repeated)
        reason = f"{len(again):,} training events are of pairs whose ratings are asked for"
        remedy = "keep what a user says of an item in one part, as KFold does"
        return Finding("duplicates", "failed", reason, len(again), evidence.events(again), remedy)
    asked_as_new = _asked_as_new(evidence)
    if asked_as_new:
        reason = f"{asked_as_new:,} right items count as new for users who have them in training"
        remedy = "give each case the whole history that training has of its user"
        return Finding("duplicates", "failed", reason, asked_as_new, remedy=remedy)
    pairs = len(np.unique(np.stack([part[evidence.repeated] for part in _pairs(evidence)]), axis=1).T)
    reason = (
        f"no event is on both sides; {pairs:,} pairs come again later, which count as right only among all items taken"
    )
    return Finding("duplicates", "passed", reason)


def _pairs(evidence: Evidence) -> tuple[np.ndarray, np.ndarray]:
    return evidence.train.interactions.user, evidence.train.interactions.item


def _asked_as_new(evidence: Evidence) -> int:
    """How many right items count as new (not in the history that a case brings) and are in training all the same."""
    new = evidence.cases.new_only()
    rows = np.flatnonzero(evidence.known)
    offsets = np.concatenate([[0], np.cumsum(new.n_relevant()[rows])]).astype(np.int64)
    items = new.take(rows).relevant
    histories = evidence.train.histories().take(evidence.user_of_case[rows])
    return int(also_in(items, offsets, histories.items, histories.offsets).sum())
