from dataclasses import replace

import numpy as np

from slatewright.data.catalogue import Catalogue
from slatewright.features import Count, FeatureSet
from slatewright.features.happenings import Witnessed
from slatewright.pipeline import ModelSays, SourceRank
from slatewright.pipeline.teaching.counting import counted, happened
from tests.pipeline.teaching.test_impressions import KNOWN, impressions
from tests.pipeline.teaching.test_questions import MINUTE
from tests.pipeline.teaching.worlds import pipeline, score, shop


def test_what_was_done_and_what_was_shown_is_counted() -> None:
    counting, not_counting = (FeatureSet((Count(kind),)).bind(Catalogue.of(KNOWN)) for kind in ("impression", None))
    events = happened(counting, replace(KNOWN, as_of=201 * MINUTE), impressions())
    assert isinstance(events, Witnessed)
    assert events.interactions is KNOWN.interactions
    assert len(list(events.shown.windows((), None, KNOWN.as_of))) == 1
    assert happened(counting, KNOWN, None) is KNOWN.interactions
    assert happened(not_counting, KNOWN, impressions()) is KNOWN.interactions


def test_a_score_of_columns_alone_counts_nothing() -> None:
    world = replace(pipeline().world, features=None, counts=None)
    assert counted(score(features=(ModelSays("together"), SourceRank())), world, shop(), None) is world


def test_features_are_bound_and_everything_known_is_counted() -> None:
    world = counted(score(features=(Count("view"),)), pipeline().world, shop(), None)
    assert world.features is not None
    assert world.counts is not None
    items = np.arange(shop().n_items, dtype=np.int32)
    viewed = shop().interactions.item[shop().interactions.of_kind("view")]
    found = world.counts.gather(world.features.layout, items, shop().as_of)
    np.testing.assert_allclose(found[:-1, 0], np.bincount(viewed, minlength=shop().n_items))
