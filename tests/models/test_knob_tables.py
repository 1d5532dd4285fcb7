"""docs/models.md tells every knob of every estimator, with its default and meaning."""

from pathlib import Path

import pytest

from slatewright.core.knobs import knobs_of
from slatewright.models import Estimator

from .test_glossary import ESTIMATORS

PAGE = Path(__file__).parents[2] / "docs" / "models.md"


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=lambda one: type(one).__name__)
def test_the_table_of_an_estimator_is_its_knobs(estimator: Estimator) -> None:
    section = PAGE.read_text(encoding="utf-8").split(f"\n## {type(estimator).__name__}\n")[1].split("\n## ")[0]
    rows = [f"| `{knob.name}` | {knob.default} | {knob.knob.doc} |" for knob in knobs_of(type(estimator))]
    assert [line for line in section.splitlines() if line.startswith("| `")] == rows
