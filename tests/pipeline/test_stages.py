from dataclasses import dataclass
from typing import Any

import pytest

from slatewright.core.errors import BadInput
from slatewright.pipeline import Pipeline
from slatewright.testing.town import town_pipeline, town_recipe


@dataclass(frozen=True)
class Mute:
    """A stage without its verb."""

    name: str = "mute"

    def bind(self, world: Any) -> "Mute":
        return self


@pytest.mark.parametrize("place", ["sources", "newcomers", "filters", "orders"])
@pytest.mark.parametrize(
    ("stage", "complaint"), [(Mute(), "must return a stage with a name and"), (7, "must have a method bind")]
)
def test_a_stage_without_its_verb_is_refused_when_it_is_bound(place: str, stage: object, complaint: str) -> None:
    with pytest.raises(BadInput, match=f"recipe.{place}: .*{complaint}"):
        Pipeline(town_recipe(**{place: (stage,)}), town_pipeline().world).opened()
