import os
import sys
from types import ModuleType

import pytest

from slatewright.core.errors import BadKnob, MissingExtra
from slatewright.data.dataset import dataset_of
from slatewright.models import DMF, GMF, MF, MLP, DeepCross, Estimator, NeuMF, SASRec, WideAndDeep
from slatewright.models.neural import networks
from slatewright.models.neural.engine import choosing
from slatewright.models.neural.engine.choosing import keras_engine, wanted_engine
from slatewright.testing.worlds import two_tastes


def _installed(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    monkeypatch.setattr(choosing, "find_spec", lambda name: object() if name in names else None)


def test_the_first_engine_that_is_installed_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    _installed(monkeypatch, "torch", "tensorflow")
    assert wanted_engine(None, "MF") == "torch"
    _installed(monkeypatch, "tensorflow", "jax")
    assert wanted_engine("", "MF") == "jax"


def test_the_engine_that_the_environment_names_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    _installed(monkeypatch, "jax", "tensorflow")
    assert wanted_engine("tensorflow", "MF") == "tensorflow"


@pytest.mark.parametrize(("named", "module", "extra"), [(None, "jax", "neural"), ("torch", "torch", "torch")])
def test_an_engine_that_is_not_installed_comes_with_its_pip_line(
    named: str | None, module: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _installed(monkeypatch)
    with pytest.raises(MissingExtra, match=rf"MF needs {module}, .*: pip install 'slatewright\[{extra}\]'"):
        wanted_engine(named, "MF")


def test_where_none_is_named_the_others_are_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    _installed(monkeypatch)
    with pytest.raises(MissingExtra, match=r"\[neural\]' \(or, instead of JAX, slatewright\[torch\] or"):
        wanted_engine(None, "MF")


def test_where_the_named_one_is_missing_what_is_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    _installed(monkeypatch, "tensorflow")
    with pytest.raises(MissingExtra, match="or unset KERAS_BACKEND to take tensorflow"):
        wanted_engine("torch", "MF")


def test_an_engine_that_is_none_is_refused() -> None:
    with pytest.raises(BadKnob, match="KERAS_BACKEND must be one of jax, torch, tensorflow, got 'mxnet'"):
        wanted_engine("mxnet", "MF")


def test_tensorflow_begins_without_a_list_of_processors_unless_that_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    _installed(monkeypatch, "tensorflow")
    monkeypatch.setattr(choosing, "require", lambda module, **why: ModuleType(module))
    monkeypatch.delitem(sys.modules, "keras", raising=False)
    monkeypatch.setenv("KERAS_BACKEND", "")
    for given, level in ((None, "3"), ("0", "0")):
        monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", given or "")
        if given is None:
            monkeypatch.delenv("TF_CPP_MIN_LOG_LEVEL")
        keras_engine("MF")
        assert os.environ["TF_CPP_MIN_LOG_LEVEL"] == level


@pytest.mark.parametrize("estimator", [MF(), GMF(), MLP(), NeuMF(), SASRec(), DMF(), WideAndDeep(), DeepCross()])
def test_without_an_engine_the_model_is_told_by_its_name(estimator: Estimator, monkeypatch: pytest.MonkeyPatch) -> None:
    def wanted(named: str | None, why: str) -> str:
        raise MissingExtra(why)

    monkeypatch.setattr(choosing, "wanted_engine", wanted)
    monkeypatch.delitem(sys.modules, "keras", raising=False)
    networks._template.cache_clear()
    with pytest.raises(
        MissingExtra,
        match=type(estimator).__name__.replace("WideAndDeep", "Wide & Deep").replace("DeepCross", "DCN-v2"),
    ):
        estimator.fit(dataset_of(two_tastes()))


def test_keras_that_was_imported_before_needs_no_word_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    keras = ModuleType("keras")
    monkeypatch.setitem(sys.modules, "keras", keras)
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    assert keras_engine("MF") is keras


def test_keras_runs_on_one_of_them() -> None:
    assert keras_engine().backend.backend() in {"jax", "torch", "tensorflow"}
