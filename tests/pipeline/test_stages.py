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
def test_a_stage_without_its_verb_is_refused_when_it_is_bound(place: str) -> None:
    with pytest.raises(BadInput, match=f"recipe.{place}: .*must return a stage with a name and"):
        Pipeline(town_recipe(**{place: (Mute(),)}), town_pipeline().world).opened()
