import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slatewright.evaluate.reporting.popularity_mix import BANDS, bands_of, popularity_mix

from .worlds import asked_of, judged_world


def test_a_hundred_items_fall_into_the_bands_by_rank() -> None:
    takers = np.arange(100, 0, -1)
    band, names = bands_of(takers)
    assert names == tuple(name for name, _ in BANDS)
    assert np.bincount(band).tolist() == [1, 4, 5, 15, 25, 50]
    assert (np.diff(band) >= 0).all()
    back, _ = bands_of(takers[::-1])
    assert back.tolist() == band[::-1].tolist()


@given(st.integers(1, 400), st.integers(0, 3))
def test_every_catalogue_has_all_its_items_in_named_bands(n_items: int, most: int) -> None:
    band, names = bands_of(np.random.default_rng(n_items).integers(0, most + 1, n_items))
    assert set(band.tolist()) == set(range(len(names)))


def test_shares_add_up_and_say_who_leans_to_the_top() -> None:
    judged = judged_world()
    asked = asked_of(judged)
    mix = popularity_mix(judged, asked)
    assert list(mix.offered) == ["popularity", "pipeline", "blunt"]
    for shares in (mix.catalogue, mix.taken, *mix.offered.values()):
        assert sum(shares) == pytest.approx(1)
    assert mix.offered["popularity"][0] > mix.offered["pipeline"][0] > mix.catalogue[0] * 0.5
    top = np.flatnonzero(bands_of(judged.items.takers)[0] == 0)
    lists = judged.lists_for("pipeline", asked)
    assert mix.offered["pipeline"][0] == pytest.approx(np.isin(lists.items, top).sum() / lists.counts.sum())
    assert mix.taken[0] == pytest.approx(np.isin(asked.cases.relevant, top).mean())
