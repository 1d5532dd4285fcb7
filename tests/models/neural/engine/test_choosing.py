import pytest

from slatewright.core.errors import BadKnob, MissingExtra
from slatewright.models.neural.engine import choosing
from slatewright.models.neural.engine.choosing import keras_engine, wanted_engine


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


def test_keras_runs_on_one_of_them() -> None:
    assert keras_engine().backend.backend() in {"jax", "torch", "tensorflow"}
