from functools import cache

import numpy as np
import pytest

from slatewright.core.errors import BadInput
from slatewright.models import SegmentPopularity
from slatewright.models.shapes.segment_scores import SegmentScores
from slatewright.pipeline import Pipeline, Request, SegmentPopularSource
from slatewright.testing.town import AS_OF, town, town_pipeline, town_recipe


@cache
def pipeline() -> Pipeline:
    estimators = {**town_recipe().estimators, "segments": SegmentPopularity(n_segments=2)}
    recipe = town_recipe(estimators=estimators, sources=(SegmentPopularSource("segments", limit=6),))
    return Pipeline.fit(recipe, town())


def test_it_proposes_what_people_alike_take_most() -> None:
    source = pipeline().stages.sources[0]
    for user, colour in (("u000", 0), ("u001", 1)):
        proposal = source.propose(pipeline().query(Request(3, AS_OF, user)))
        assert all(item % 2 == colour for item in proposal.items[:6])
        assert (np.diff(proposal.scores) <= 0).all()
        assert "of 2" in proposal.how


def test_somebody_of_whom_nothing_is_known_belongs_nowhere() -> None:
    assert len(pipeline().stages.sources[0].propose(pipeline().query(Request(3, AS_OF))).items) == 0


def test_a_history_of_one_segment_is_answered_as_the_model_scores_it() -> None:
    model = pipeline().world.models["segments"]
    assert isinstance(model, SegmentScores)
    query = pipeline().query(Request(3, AS_OF, "u002"))
    segment = int(model.membership(query.history)[0].argmax())
    np.testing.assert_allclose(model.of_segment(segment), model.score(query.history)[0], atol=0.02)


def test_it_works_in_a_pipeline() -> None:
    slate = pipeline().ask(Request(5, AS_OF, "u004"))
    assert slate.trace.notes == ()
    assert {placed.source for placed in slate.items} == {"segment"}


def test_another_kind_of_model_is_refused() -> None:
    with pytest.raises(BadInput, match="must name a SegmentPopularity estimator, got one that learns item_scores"):
        SegmentPopularSource("popular").bind(town_pipeline().world)


def test_one_history_belongs_where_it_belongs_among_many() -> None:
    model = pipeline().world.models["segments"]
    assert isinstance(model, SegmentScores)
    histories = pipeline().world.known.histories
    many = model.membership(histories)
    for user in (0, 7, 60):  # the last one never came: facts alone say something of him
        np.testing.assert_allclose(model.membership(histories.one(user))[0], many[user], rtol=1e-5)
