"""What orders could not keep to; where an answer had no time to find out why, that is found out for whoever asks."""

from slatewright.pipeline.orders.constraints import BoundConstraints
from slatewright.pipeline.pipeline import Pipeline
from slatewright.pipeline.slate import Trace


def remarks_of(pipeline: Pipeline, trace: Trace) -> tuple[str, ...]:
    """What the orders said, and of constraints that were given up the smallest groups that cannot hold together."""
    said = [note.problem for note in trace.remarks]
    survivors = trace.pool.take(trace.dropped_by == 0).marked(trace.marks)
    steps = zip(trace.arrangements, trace.arrangements[1:], pipeline.stages.orders, strict=False)
    for (_, before), (name, _), order in steps:
        if isinstance(order, BoundConstraints) and order.name == name and order.gave_up(said):
            said += order.conflicts(trace.query, survivors.take(before))
    return tuple(said)
