"""A knob of an estimator is called by a word of the glossary; see slatewright.testing.glossary."""

import inspect
from typing import Any

import pytest

from slatewright import models
from slatewright.core.knobs import knobs_of
from slatewright.testing.glossary import KNOB_WORDS

CLASSES: list[Any] = [thing for name in models.__all__ if inspect.isclass(thing := getattr(models, name))]
ESTIMATORS: list[Any] = [one for one in CLASSES if hasattr(one, "fit") and one is not models.Estimator]


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=lambda one: one.__name__)
def test_every_knob_is_in_the_glossary(estimator: type) -> None:
    strange = {knob.name for knob in knobs_of(estimator)} - KNOB_WORDS
    assert not strange, f"extend slatewright.testing.glossary on purpose, or rename: {sorted(strange)}"


def test_no_word_of_the_list_is_unused() -> None:
    used = {knob.name for estimator in ESTIMATORS for knob in knobs_of(estimator)}
    assert KNOB_WORDS - used == set()
