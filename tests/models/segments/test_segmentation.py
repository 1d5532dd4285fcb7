"""Planted kinds of people are found again."""

import numpy as np
import polars as pl
import pytest

from slatewright.core.errors import BadKnob
from slatewright.data.dataset import dataset_of
from slatewright.models.segments.segmentation import Segmentation, seed_of

from .planted import planted, purity


@pytest.mark.parametrize("method", ["kmeans", "hierarchical"])
@pytest.mark.parametrize("by", ["history", "both"])
def test_planted_segments_are_found_without_being_told_how_many(method: str, by: str) -> None:
    dataset, kinds = planted()
    found = Segmentation(method=method, by=by, embedding_dim=6).segment(dataset)
    assert len(found) == 4
    assert found.clusters is not None
    assert purity(found.clusters.labels, kinds[found.known]) > 0.97
    assert [len(members) for members in found.members()] == sorted(found.clusters.sizes.tolist(), reverse=True)


def test_facts_alone_tell_what_they_tell() -> None:
    dataset, kinds = planted()
    found = Segmentation(n_segments=4, by="facts").segment(dataset)
    assert found.clusters is not None
    assert found.known.sum() == dataset.n_users - 1  # one user has neither history nor facts
    assert purity(found.clusters.labels, kinds[found.known]) > 0.7


def test_items_are_grouped_by_who_takes_them() -> None:
    dataset, _ = planted()
    found = Segmentation(of="items", n_segments=4, embedding_dim=6).segment(dataset)
    assert found.clusters is not None
    shelf = np.array([int(name[1:]) // 30 for name in dataset.items])[found.known]
    assert purity(found.clusters.labels, shelf) > 0.95


def test_who_says_nothing_is_in_no_segment() -> None:
    dataset, _ = planted()
    found = Segmentation(n_segments=3).segment(dataset)
    silent = ~found.known
    assert dataset.users.names_of(np.flatnonzero(silent).astype(np.int32)).to_list() == ["v0", "v1"]
    assert sum(map(len, found.members())) == found.known.sum()


def test_nobody_at_all() -> None:
    dataset = dataset_of(pl.DataFrame(schema={"user_id": pl.String, "item_id": pl.String}))
    for by in ("history", "facts", "both"):
        found = Segmentation(by=by).segment(dataset)
        assert len(found) == 0
        assert found.members() == []


def test_a_seed_may_be_drawn() -> None:
    assert seed_of(7) == 7
    assert seed_of(np.random.default_rng(0)) == seed_of(np.random.default_rng(0))


def test_knobs_are_checked_at_the_door() -> None:
    with pytest.raises(BadKnob, match=r"Segmentation\.of must be one of 'users', 'items', got 'shops'"):
        Segmentation(of="shops")
    with pytest.raises(BadKnob, match="n_segments must be >= 2"):
        Segmentation(n_segments=0)
