from dataclasses import fields

import numpy as np
import polars as pl
import pytest

from slatewright.core.errors import BadInput
from slatewright.pipeline import AtLeast, Constraints, Pipeline
from slatewright.pipeline.keeping import in_world, keep, kept
from slatewright.pipeline.request import Request
from slatewright.store.parcel import to_parcel
from slatewright.testing.stages import REQUESTS
from slatewright.testing.town import town_pipeline, town_recipe
from tests.pipeline.teaching.worlds import pipeline as taught_pipeline
from tests.pipeline.teaching.worlds import shop


@pytest.mark.parametrize("asked", REQUESTS, ids=str)
def test_everything_that_a_trace_says_comes_back(asked: str) -> None:
    pipeline = town_pipeline()
    slate = pipeline.ask(REQUESTS[asked])
    found = kept(keep(slate, "v1"))
    assert (found.slate_id, found.version) == (slate.slate_id, "v1")
    _assert_equal(found.outcome.trace, slate.trace)
    names = pipeline.world.catalogue.items.names_of(found.outcome.items).to_list()
    assert (tuple(names), found.outcome.fallback) == (slate.item_ids, slate.fallback)


def test_what_was_shown_by_then_comes_back() -> None:
    pipeline = town_pipeline()
    outcome = kept(keep(pipeline.ask(REQUESTS["a user with a history"]), "v1")).outcome
    for one in (outcome, in_world(outcome, pipeline.world)):
        assert one.trace.query.shown.items.tolist() == [1, 3, 5, 1, 3]
        assert (np.diff(one.trace.query.shown.times) >= 0).all()


def test_what_an_order_eased_comes_back() -> None:
    orders = (Constraints((AtLeast(2, "id == 'i000'"),)),)
    slate = Pipeline(town_recipe(orders=orders), town_pipeline().world).ask(REQUESTS["a user with a history"])
    trace = kept(keep(slate, "v1")).outcome.trace
    assert trace.remarks == slate.trace.remarks
    assert len(trace.remarks) == 1
    assert not trace.notes


def test_what_a_learned_score_read_comes_back_so_that_its_parts_are_those_of_then() -> None:
    learned = taught_pipeline()
    slate = learned.ask(Request(5, shop().as_of, shop().users.name(3)))
    trace = kept(keep(slate, "v1")).outcome.trace
    (name,) = slate.trace.query.read
    for then, told in zip(trace.query.read[name], slate.trace.query.read[name], strict=True):
        np.testing.assert_array_equal(then, told)
    score = learned.stages.score
    trace.query.read[name] = trace.query.read[name][0], trace.query.read[name][1] * 0 + 2  # as if it had read twos
    parts = score.parts(trace.query, trace.pool.take(trace.dropped_by == 0))  # type: ignore[union-attr]
    assert all(len(np.unique(part.round(6))) == 1 for part in parts.values())  # one row of numbers, one division


def test_the_facts_of_the_user_come_from_the_bundle() -> None:
    pipeline = town_pipeline()
    slate = pipeline.ask(REQUESTS["a user with a history"])
    facts = in_world(kept(keep(slate, "v1")).outcome, pipeline.world).trace.query.history.facts
    told = slate.trace.query.history.facts
    assert told is not None
    assert facts is not None
    assert facts.equals(told)


def _assert_equal(found: object, told: object) -> None:
    """Field by field; what stages note down on the way, and facts that lie in the bundle, do not travel."""
    if isinstance(told, np.ndarray):
        np.testing.assert_array_equal(found, told)
        assert isinstance(found, np.ndarray)
        assert found.dtype == told.dtype
    elif hasattr(told, "__dataclass_fields__"):
        for field in fields(told):  # type: ignore[arg-type]
            if field.compare and not isinstance(getattr(told, field.name), pl.DataFrame):
                _assert_equal(getattr(found, field.name), getattr(told, field.name))
    elif isinstance(told, tuple):
        assert isinstance(found, tuple)
        for one, other in zip(found, told, strict=True):
            _assert_equal(one, other)
    else:
        assert found == told


def test_foreign_bytes_are_refused() -> None:
    with pytest.raises(BadInput, match="no kept slate"):
        kept(to_parcel({"slate_id": "s1", "version": "v1"}, {}))
