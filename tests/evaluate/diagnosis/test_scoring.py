"""What a learning curve measures, and on whom."""

import numpy as np
import pytest

from slatewright.core.errors import BadInput
from slatewright.data.splits import Fold
from slatewright.evaluate.diagnosis.curves import DATA, learning_curve
from slatewright.evaluate.diagnosis.scoring import scoring_of
from slatewright.models import ALS, BiasedMF, Estimator

from .test_curves import RATED, TASTES


@pytest.mark.parametrize(("estimator", "fold"), [(ALS(embedding_dim=2), TASTES), (BiasedMF(embedding_dim=2), RATED)])
def test_what_was_learned_is_asked_of_known_users_once_each(estimator: Estimator, fold: Fold) -> None:
    model = estimator.fit(fold.train)
    scoring = scoring_of(model, fold)
    assert len(scoring.learned(model)) == len(scoring.learners)
    assert (np.diff(scoring.learners) > 0).all()
    assert fold.train.histories().take(scoring.learners.astype(np.int32)).lengths().all()


def test_of_a_share_of_the_data_only_those_in_it_were_learned_from() -> None:
    """The fewer the users, the more a model of many dimensions knows them by heart."""
    curve = learning_curve(ALS(embedding_dim=16, reg=0.01), TASTES, over=DATA, values=(0.1, 1.0))
    few, many = curve.points
    assert few.learned.value > 0.999 > many.learned.value


def test_a_share_without_anybody_is_refused() -> None:
    with pytest.raises(BadInput):
        learning_curve(ALS(embedding_dim=2), TASTES, over=DATA, values=(1e-9,))
