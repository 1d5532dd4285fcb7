from dataclasses import fields

import numpy as np
import polars as pl
import pytest

from slatewright.core.errors import BadInput
from slatewright.pipeline.keeping import in_world, keep, kept
from slatewright.pipeline.running import run
from slatewright.store.parcel import to_parcel
from slatewright.testing.stages import REQUESTS
from slatewright.testing.town import town_pipeline


@pytest.mark.parametrize("asked", REQUESTS, ids=str)
def test_everything_that_a_trace_says_comes_back(asked: str) -> None:
    pipeline = town_pipeline()
    outcome = run(pipeline.stages, pipeline.query(REQUESTS[asked]))
    found = kept(keep("s1", "v1", outcome))
    assert (found.slate_id, found.version) == ("s1", "v1")
    _assert_equal(found.outcome, outcome)


def test_the_facts_of_the_user_come_from_the_bundle() -> None:
    pipeline = town_pipeline()
    outcome = run(pipeline.stages, pipeline.query(REQUESTS["a user with a history"]))
    facts = in_world(kept(keep("s1", "v1", outcome)).outcome, pipeline.world).trace.query.history.facts
    told = outcome.trace.query.history.facts
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
