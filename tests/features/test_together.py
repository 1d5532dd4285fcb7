"""Items that go together, against a count of baskets by hand."""

from itertools import combinations
from math import sqrt
from typing import Any

import numpy as np
import pytest

from slatewright.core.clock import MICROSECONDS_PER_DAY as DAY
from slatewright.data.histories import Histories
from slatewright.features import FeatureSet, Moment, Together, together
from slatewright.features.layout import Pairs
from tests.features.worlds import N_ITEMS, N_USERS, START, catalogue, events, random_rows

CATALOGUE = catalogue()
ALL = np.arange(N_ITEMS, dtype=np.int32)
NOW = START + 40 * DAY


def cosines(rows: list[tuple[int, int, int, int, float]], pause: float) -> dict[tuple[int, int], float]:
    """Baskets with two of them, over the root of the product of those with each."""
    baskets: list[set[int]] = []
    for user in range(N_USERS):
        before = -1e99
        for time, item in sorted((row[3], row[1]) for row in rows if row[0] == user and row[2] in (0, 1, 4)):
            if time - before > pause:
                baskets.append(set())
            baskets[-1].add(item)
            before = time
    baskets = [basket for basket in baskets if len(basket) > 1]
    often = {item: sum(item in basket for basket in baskets) for item in range(N_ITEMS)}
    both: dict[tuple[int, int], float] = {}
    for basket in baskets:
        for a, b in combinations(basket, 2):
            for pair in ((a, b), (b, a)):
                both[pair] = both.get(pair, 0) + 1 / sqrt(often[a] * often[b])
    return both


def strengths(pairs: Pairs) -> dict[tuple[int, int], float]:
    owner = np.repeat(ALL, np.diff(pairs.offsets))
    return {(int(a), int(b)): float(s) for a, b, s in zip(owner, pairs.items, pairs.strengths, strict=True)}


@pytest.mark.parametrize("minutes", [60, 2000, 100_000])
def test_strengths_are_cosines_over_baskets(minutes: float) -> None:
    rows = random_rows(120, 30, rng=5)
    bound = FeatureSet((Together(basket_minutes=minutes),)).bind(CATALOGUE)
    wanted = cosines(rows, minutes * 60_000_000)
    assert strengths(bound.counters(events(rows), NOW).pairs) == pytest.approx(wanted, rel=1e-5)


@pytest.mark.parametrize("most", [1, 7, 40])
def test_pairs_are_counted_block_by_block(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    bound, rows = FeatureSet((Together(basket_minutes=3000),)).bind(CATALOGUE), random_rows(200, 30, rng=7)
    whole = bound.counters(events(rows), NOW).pairs
    sizes, strongest = list[int](), together._strongest

    def counted(both: Any, *rest: Any) -> Any:
        sizes.append(both.nnz)
        return strongest(both, *rest)

    monkeypatch.setattr(together, "MOST_PAIRS", most)
    monkeypatch.setattr(together, "_strongest", counted)
    pieces = bound.counters(events(rows), NOW).pairs
    for name in ("offsets", "items", "strengths"):
        np.testing.assert_array_equal(getattr(pieces, name), getattr(whole, name))
    assert max(sizes) <= max(most, N_ITEMS)  # one item alone may go together with all
    assert len(sizes) > 1


def test_of_many_neighbours_the_strongest_stay() -> None:
    rows = random_rows(200, 30, rng=6)
    few, all_of_them = (
        FeatureSet((Together(basket_minutes=3000, n_neighbors=n),)).bind(CATALOGUE).counters(events(rows), NOW).pairs
        for n in (3, 50)
    )
    kept, every = strengths(few), strengths(all_of_them)
    for item in ALL.tolist():
        mine = sorted((strength for (a, _), strength in every.items() if a == item), reverse=True)
        held = sorted((strength for (a, _), strength in kept.items() if a == item), reverse=True)
        np.testing.assert_allclose(held, mine[:3], rtol=1e-6)


def test_an_item_is_held_against_the_last_ones_of_the_history() -> None:
    rows = random_rows(200, 30, rng=6)
    bound = FeatureSet((Together(last=2, basket_minutes=3000),)).bind(CATALOGUE)
    counters = bound.counters(events(rows), NOW)
    history = Histories.of([[1, 5, 7, 7]])  # the last two of them are 7 and 5
    found = bound.read(Moment(NOW, history), ALL, counters)[:, 0]
    wanted = cosines(rows, 3000 * 60_000_000)
    np.testing.assert_allclose(
        found, [wanted.get((5, at), 0) + wanted.get((7, at), 0) for at in ALL.tolist()], rtol=1e-5
    )
    assert found.max() > 0


def test_where_nothing_was_in_one_basket_nothing_goes_together() -> None:
    bound = FeatureSet((Together(),)).bind(CATALOGUE)
    for rows in ([], [(0, 1, 0, 5, 1.0)], [(user, user, 2, 5, 1.0) for user in range(3)]):
        counters = bound.counters(events(rows), NOW)
        assert len(counters.pairs.items) == 0
        assert not bound.read(Moment(NOW, Histories.of([[1]])), ALL, counters).any()
