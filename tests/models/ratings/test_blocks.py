"""Blocks: every rating is in one, those of a diagonal share nothing, and threads do not change the answer."""

import numpy as np
import pytest

from slatewright.models.ratings import blocks as module
from slatewright.models.ratings.blocks import Blocks
from slatewright.models.ratings.table import Ratings, Scale


def some_ratings(n_users: int = 60, n_items: int = 40, share: float = 0.3) -> Ratings:
    rng = np.random.default_rng(2)
    user, item = np.nonzero(rng.random((n_users, n_items)) < share)
    offsets = np.concatenate([[0], np.cumsum(np.bincount(user, minlength=n_users))])
    values = rng.standard_normal(len(user), dtype=np.float32)
    return Ratings(offsets, item.astype(np.int32), values, n_items, Scale(0, 1, -1, 1))


def test_the_blocks_hold_every_rating_once() -> None:
    ratings = some_ratings()
    blocks = Blocks.of(ratings, np.random.default_rng(0))
    user_of, item_of = np.argsort(blocks.user_at), np.argsort(blocks.item_at)
    found = sorted(zip(user_of[blocks.users], item_of[blocks.items], blocks.values, strict=True))
    assert found == sorted(zip(ratings.users(), ratings.items, ratings.values, strict=True))
    assert (blocks.bounds[0], blocks.bounds[-1]) == (0, len(ratings))


def test_blocks_of_a_diagonal_share_no_user_and_no_item_and_are_about_equal() -> None:
    blocks = Blocks.of(some_ratings(800, 400), np.random.default_rng(0))
    spans: list[tuple[int, int]] = []
    with blocks.threads() as sweep:
        sweep(lambda first, last: spans.append((first, last)))
    assert sorted(spans) == sorted(zip(blocks.bounds[:-1].tolist(), blocks.bounds[1:].tolist(), strict=True))
    for shift in range(blocks.grid):
        parts = [
            slice(*blocks.bounds[group * blocks.grid + (group + shift) % blocks.grid :][:2])
            for group in range(blocks.grid)
        ]
        for side in (blocks.users, blocks.items):
            rows = [set(side[part].tolist()) for part in parts]
            assert sum(map(len, rows)) == len(set().union(*rows))
    sizes = np.diff(blocks.bounds)
    assert sizes.max() < 2 * sizes.mean()


def test_users_follow_each_other_inside_a_block() -> None:
    blocks = Blocks.of(some_ratings(), np.random.default_rng(0))
    for first, last in zip(blocks.bounds[:-1], blocks.bounds[1:], strict=True):
        assert (np.diff(blocks.users[first:last]) >= 0).all()


@pytest.mark.parametrize("shape", [(1, 40), (60, 1), (1, 1)])
def test_one_user_or_one_item_fits(shape: tuple[int, int]) -> None:
    ratings = some_ratings(*shape, share=1.0)
    assert len(Blocks.of(ratings, np.random.default_rng(0)).values) == len(ratings)


def test_many_ratings_make_a_finer_grid(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MANY_RATINGS", 10)
    assert Blocks.of(some_ratings(), np.random.default_rng(0)).grid == module.MANY
