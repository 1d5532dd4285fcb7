"""The package of models knows its names before it has loaded what they stand for."""

import ast
from pathlib import Path

import pytest

from slatewright import models
from slatewright.data import encoding


@pytest.mark.parametrize("package", [models, encoding])
def test_every_name_of_the_stub_is_there_and_is_called_so(package: object) -> None:
    stub = ast.parse(Path(str(vars(package)["__file__"])).with_suffix(".pyi").read_text(encoding="utf-8"))
    imported = {alias.name for node in stub.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    (listed,) = (ast.literal_eval(node.value) for node in stub.body if isinstance(node, ast.Assign))
    assert imported == set(listed) == set(vars(package)["__all__"]) == set(dir(package))
    assert {getattr(package, name).__name__ for name in imported} == imported


def test_a_name_that_does_not_exist_is_an_error_as_everywhere() -> None:
    with pytest.raises(ImportError, match="ASL"):
        exec("from slatewright.models import ASL")  # noqa: S102
    with pytest.raises(AttributeError, match="ASL"):
        _ = models.ASL  # type: ignore[attr-defined]
