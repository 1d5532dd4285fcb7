"""Rating factors: clipping, several sets, strangers, and reasons that add up."""

import numpy as np
import pytest

from slatewright.data.histories import Histories
from slatewright.models import BayesianMF, BiasedMF
from slatewright.models.shapes import rating_factors as module
from tests.models.ratings.worlds import rated_world

KNOWN, ASKED = rated_world()
ONE = BiasedMF(embedding_dim=3, epochs=10).fit(KNOWN)
MANY = BayesianMF(embedding_dim=3, n_sets=4, epochs=12).fit(KNOWN)


@pytest.mark.parametrize("model", [ONE, MANY])
def test_predictions_are_the_scores_of_the_pairs_within_the_scale(model: module.RatingFactors) -> None:
    scores = model.score(KNOWN.histories())[ASKED.users, ASKED.items]
    predicted = model.predict(KNOWN.histories(), ASKED.users, ASKED.items)
    np.testing.assert_allclose(predicted, np.clip(scores, model.scale[2], model.scale[3]), atol=1e-4)


def test_predictions_do_not_depend_on_the_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = MANY.predict(KNOWN.histories(), ASKED.users, ASKED.items)
    monkeypatch.setattr(module, "BLOCK_NUMBERS", 7 * MANY.means.size)
    np.testing.assert_allclose(MANY.predict(KNOWN.histories(), ASKED.users, ASKED.items), whole, atol=1e-5)


def test_reasons_add_up_to_what_the_history_adds() -> None:
    history = KNOWN.histories().one(3)
    added = ONE.score(history)[0, 5] - ONE.score(Histories.of([[]]))[0, 5]
    np.testing.assert_allclose(ONE.reasons(history, 5).sum(), added, atol=1e-2)


def test_what_is_not_a_rating_has_no_part() -> None:
    history = Histories.of([[1, 2, 1]], values=[[1.0, 2.0, 5.0]])
    parts = ONE.reasons(history, 5)
    assert parts[0] == 0  # said again later
    assert not ONE.reasons(Histories.of([[1, 2]]), 5).any()  # nothing was said


def test_pairs_of_nobody_are_no_pairs() -> None:
    none = np.empty(0, np.int32)
    assert ONE.predict(KNOWN.histories(), none, none).shape == (0,)
