import numpy as np
import polars as pl

from slatewright.models import FactFeatures, FactVectors
from slatewright.models.neural.facts.vectors import VectorReader

FACTS = pl.DataFrame({"genres": [["a", "b"], ["b"], ["c"], ["a", "c"]]})
GENRES = FactFeatures(columns=("genres",))


def test_few_features_stay_as_they_are_but_for_their_scale() -> None:
    vectors = FactVectors(GENRES).learn(FACTS).read(FACTS, 4)
    features = GENRES.learn(FACTS).matrix(FACTS).toarray()
    np.testing.assert_allclose(vectors, features / np.sqrt((features**2).sum(axis=1).mean()), rtol=1e-6)


def test_more_features_than_numbers_keep_the_inner_products_as_well_as_can_be() -> None:
    vectors = FactVectors(GENRES, width=2).learn(FACTS).read(FACTS, 4).astype(np.float64)
    features = GENRES.learn(FACTS).matrix(FACTS).toarray()
    left, sizes, right = np.linalg.svd(features, full_matrices=False)
    nearest = left[:, :2] * sizes[:2] @ right[:2]
    nearest /= np.sqrt((nearest**2).sum(axis=1).mean())
    np.testing.assert_allclose(vectors @ vectors.T, nearest @ nearest.T, atol=1e-5)


def test_nothing_known_is_zero() -> None:
    reader = FactVectors(GENRES).learn(FACTS)
    assert not reader.read(None, 3).any()
    assert not reader.read(pl.DataFrame({"price": [1.0]}), 1).any()
    assert FactVectors().learn(pl.DataFrame()).read(pl.DataFrame(), 3).shape == (3, 0)


def test_what_is_of_another_type_than_it_was_is_not_known() -> None:
    reader = FactVectors().learn(pl.DataFrame({"age": [1.0, 2.0]}))
    for odd in ([[1], [2]], [{"a": 1}, {"a": 2}], ["old", "young"], [None, float("nan")]):
        assert not reader.read(pl.DataFrame({"age": odd}), 2).any()


def test_arrays_bring_the_reader_back() -> None:
    reader = FactVectors(GENRES, width=2).learn(FACTS)
    back = VectorReader.from_arrays(reader.arrays("items"), "items")
    np.testing.assert_array_equal(back.read(FACTS, 4), reader.read(FACTS, 4))
