import numpy as np
import polars as pl
import pytest

from slatewright.models import DeepCross, WideAndDeep
from slatewright.models.neural.facts.recipe import FactRecipe

WIDE = WideAndDeep(embedding_dim=4, layers=(8,), epochs=20, batch_size=128, learning_rate=0.02)
CROSS = DeepCross(embedding_dim=4, layers=(8,), epochs=20, batch_size=128, learning_rate=0.02)


@pytest.mark.parametrize("recipe", [WIDE, CROSS], ids=["WideAndDeep", "DeepCross"])
def test_a_cross_of_two_facts_is_learned(recipe: FactRecipe) -> None:
    draw = np.random.default_rng(0)
    color, size = draw.integers(0, 2, 400), draw.integers(0, 2, 400)
    facts = pl.DataFrame({"color": color, "size": size}).select(pl.all().cast(pl.String))
    cells = pl.DataFrame({"color": ["0", "0", "1", "1"], "size": ["0", "1", "0", "1"]})
    chances = recipe.learn(facts, color ^ size).chances(cells)
    np.testing.assert_array_equal(chances > 0.5, [False, True, True, False])
