"""What is put into a bundle for ONNX Runtime, and what its card says where nothing is."""

import numpy as np
import pytest

from slatewright.core.errors import NotWritten
from slatewright.data.dataset import dataset_of
from slatewright.models import Popularity, WideAndDeep
from slatewright.models.neural.engine import chosen_engine
from slatewright.models.neural.export import serving
from slatewright.models.neural.export.serving import _check, dense_part, runtime_told, with_graph
from slatewright.testing.worlds import two_tastes

from .worlds import models, town


@pytest.mark.parametrize("name", ["sasrec", "neumf", "dmf"])
def test_the_dense_part_is_a_call_that_the_engine_answers(name: str) -> None:
    whole = dense_part(models()[name])
    assert whole is not None
    said = chosen_engine().answer(whole.made(), whole.weights, whole.inputs)
    assert np.isfinite(said).all()
    assert set(whole.axes) == set(whole.inputs)
    assert not set(whole.outputs) & set(whole.inputs), "a graph has one name for one thing"


def test_a_network_over_facts_has_a_dense_part() -> None:
    whole = dense_part(WideAndDeep(embedding_dim=4, layers=(4,), epochs=1).fit(town()))
    assert whole is not None
    assert chosen_engine().answer(whole.made(), whole.weights, whole.inputs).shape == (serving.HEIGHT,)


def test_a_model_without_a_network_is_left_as_it_is() -> None:
    popularity = Popularity().fit(dataset_of(two_tastes()))
    for model in (popularity, models()["mf"]):
        assert with_graph(model) is model
        assert runtime_told(model) == {}


def test_where_the_tools_are_missing_the_card_has_the_pip_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "lacking", lambda format_: "pip install it")
    model = models()["sasrec"]
    assert with_graph(model) is model
    assert runtime_told(model) == {"runtime": {"by": "the engine of Keras", "for ONNX Runtime": "pip install it"}}


def test_a_graph_that_differs_is_refused() -> None:
    model = models()["neumf"]
    whole = dense_part(model)
    assert whole is not None
    said = chosen_engine().answer(whole.made(), whole.weights, whole.inputs)
    _check(model, whole, said)
    with pytest.raises(NotWritten, match=r"pair_network differs from the engine by 0\.1"):
        _check(model, whole, said + np.float32(0.1))
