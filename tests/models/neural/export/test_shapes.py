"""What is exported says what the model says, before any graph is written."""

import numpy as np
import pytest

from slatewright.core.arrays import Arrays
from slatewright.core.errors import BadInput
from slatewright.data.dataset import dataset_of
from slatewright.data.histories import Histories
from slatewright.models import Popularity
from slatewright.models.neural.engine import keras_engine
from slatewright.models.neural.engine.stateless import answered
from slatewright.models.neural.export.shapes import Exported, exported
from slatewright.models.recommending import Vectored
from slatewright.testing.worlds import two_tastes

from .worlds import histories, models, town


def _said(made: Exported, asked: Histories) -> Arrays:
    ops, inputs = keras_engine().ops, {**made.asked(asked, None), **made.whole.tables}
    found = answered(
        made.whole.made(), made.whole.weights, {name: ops.convert_to_tensor(one) for name, one in inputs.items()}
    )
    return dict(zip(made.whole.outputs, found if isinstance(found, tuple) else (found,), strict=True))


@pytest.mark.parametrize("name", ["sasrec", "neumf", "mf", "dmf", "wide", "crossed"])
def test_the_whole_says_what_the_model_says(name: str) -> None:
    model, asked = models()[name], histories()
    said = _said(exported(model, town().histories().take(np.arange(3, dtype=np.int32))), asked)
    scores = model.score(asked)
    np.testing.assert_allclose(np.reshape(said["scores"], scores.shape), scores, rtol=1e-4, atol=1e-5)
    if isinstance(model, Vectored):
        np.testing.assert_allclose(said["vectors"], model.user_factors(asked), rtol=1e-4, atol=1e-5)


def test_every_input_is_told_in_words() -> None:
    for model in models().values():
        made = exported(model, histories())
        assert set(made.told) == set(made.whole.inputs) == set(made.whole.axes)


def test_a_model_without_a_network_is_none_to_export() -> None:
    with pytest.raises(BadInput, match=r"'item_scores'.*in the bundle"):
        exported(Popularity().fit(dataset_of(two_tastes())), histories())
