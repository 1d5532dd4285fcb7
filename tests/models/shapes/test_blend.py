import numpy as np
import pytest

from slatewright.core.errors import BadBundle
from slatewright.data.dataset import dataset_of
from slatewright.data.histories import Histories
from slatewright.models import ItemKNN, Popularity, WeightedBlend
from slatewright.models.kinds import KINDS
from slatewright.models.shapes.blend import Blend
from slatewright.models.shapes.plain import PLAIN
from slatewright.testing.worlds import two_tastes

TOWN = dataset_of(two_tastes())
NEAR = ItemKNN(n_neighbors=8)


def test_a_blend_can_hold_every_shape() -> None:
    assert set(KINDS) == {*PLAIN, "blend"}


def test_reasons_add_up_to_the_score_but_for_the_scale() -> None:
    blend = WeightedBlend((NEAR,), (0.5,)).fit(TOWN)
    history = TOWN.histories().take(np.array([3], np.int32))
    scores = NEAR.fit(TOWN).score(history)[0]
    unseen = np.setdiff1d(np.arange(TOWN.n_items), history.items)
    expected = 0.5 * scores[5] / scores[unseen].std()
    assert blend.reasons(history, 5).sum() == pytest.approx(expected, rel=1e-4)


def test_reasons_share_a_place_among_the_events() -> None:
    blend = WeightedBlend((NEAR, Popularity()), normalisation="rank").fit(TOWN)
    history = TOWN.histories().take(np.array([3], np.int32))
    place = WeightedBlend((NEAR,), normalisation="rank").fit(TOWN).score(history)[0, 5]
    assert blend.reasons(history, 5).sum() == pytest.approx(float(place), rel=1e-4)


def test_similar_items_are_those_of_the_longest_histories() -> None:
    near = NEAR.fit(TOWN)
    blend = Blend(near.known, (Popularity().fit(TOWN), near), np.eye(2), np.array([1]), "none")
    items = np.array([0, 5], np.int32)
    np.testing.assert_array_equal(blend.similar(items, 4)[0], near.similar(items, 4)[0])


def test_many_histories_are_scored_a_few_rows_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    blend = WeightedBlend((NEAR, Popularity())).fit(TOWN)
    whole = blend.score(TOWN.histories())
    monkeypatch.setattr("slatewright.models.shapes.blend.BLOCK_SCORES", 500)
    np.testing.assert_allclose(blend.score(TOWN.histories()), whole, rtol=1e-5)


def test_a_part_from_the_future_is_refused() -> None:
    arrays = dict(WeightedBlend((NEAR,)).fit(TOWN).arrays())
    arrays["about"] = np.frombuffer(b'{"shapes": ["hologram"], "normalisation": "rank"}', np.uint8)
    with pytest.raises(BadBundle, match="a blend has a part of kind 'hologram'"):
        Blend.from_arrays(arrays, NEAR.fit(TOWN).known)


def test_nothing_is_scored_for_nobody() -> None:
    assert WeightedBlend((NEAR,)).fit(TOWN).score(Histories.of([])).shape == (0, TOWN.n_items)
