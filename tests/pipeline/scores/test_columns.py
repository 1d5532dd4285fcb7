import numpy as np
import pytest

from slatewright.core.errors import NotThere
from slatewright.pipeline import Candidates, ModelSays, Request, SourceRank
from slatewright.pipeline.scores.columns import Columns
from slatewright.testing.town import AS_OF, town_pipeline

WORLD = town_pipeline().world
QUERY = town_pipeline().query(Request(5, AS_OF, "u000"))
POOL = Candidates(
    np.array([7, 2, 9], dtype=np.int32),
    np.zeros(3, dtype=np.float32),
    np.zeros(3, dtype=np.int32),
    np.array([[1, 0, 2], [0, 1, 4]], dtype=np.int32),
)
NAMES = ("first", "second")


def read(one: Columns, pool: Candidates) -> np.ndarray:
    out = np.full((len(pool.items), len(one.names(WORLD, NAMES))), np.nan, dtype=np.float32)
    one.read(WORLD, QUERY, pool, out)
    return out


def test_a_model_says_its_score_and_how_it_stands_out() -> None:
    said = WORLD.models["taste"].score(QUERY.history)[0][POOL.items]
    found = read(ModelSays("taste"), POOL)
    np.testing.assert_allclose(found[:, 0], said, rtol=1e-5)
    np.testing.assert_allclose(found[:, 1], (said - said.mean()) / said.std(), rtol=1e-4)
    np.testing.assert_array_equal(read(ModelSays("taste"), POOL.take(np.array([1])))[:, 1], [0])
    assert read(ModelSays("taste"), POOL.take(np.empty(0, dtype=np.int64))).shape == (0, 2)


def test_ranks_become_shares_that_add_up() -> None:
    expected = [[1 / 61, 0, 1 / 61], [0, 1 / 61, 1 / 61], [1 / 62, 1 / 64, 1 / 62 + 1 / 64]]
    np.testing.assert_allclose(read(SourceRank(), POOL), expected, rtol=1e-6)
    unknown = Candidates(POOL.items, POOL.scores, POOL.source)
    np.testing.assert_array_equal(read(SourceRank(), unknown), np.zeros((3, 3)))
    others = Candidates(POOL.items, POOL.scores, POOL.source, POOL.ranks[:1])
    np.testing.assert_array_equal(read(SourceRank(), others), np.zeros((3, 3)))


def test_names_are_those_of_models_and_sources() -> None:
    assert ModelSays("taste").names(WORLD, NAMES) == ("taste", "taste among candidates")
    assert SourceRank().names(WORLD, NAMES) == ("rank by first", "rank by second", "rank by all")
    assert (ModelSays("taste").told, SourceRank().told) == ("taste", "sources")
    with pytest.raises(NotThere, match="tast"):
        ModelSays("tast").names(WORLD, NAMES)
