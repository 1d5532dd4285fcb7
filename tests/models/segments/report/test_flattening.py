"""Segments on a plane."""

import numpy as np

from slatewright.models.segments.report.flattening import flattened
from slatewright.models.segments.segmentation import Segmentation

from ..planted import planted


def test_who_is_near_on_the_plane_is_of_one_segment() -> None:
    dataset, _ = planted(160)
    plane = flattened(Segmentation(n_segments=4, embedding_dim=6).segment(dataset), 0)
    apart = np.square(plane.points[:, None] - plane.points[None, :]).sum(axis=2)
    np.fill_diagonal(apart, np.inf)
    assert (plane.labels[apart.argmin(axis=1)] == plane.labels).mean() > 0.95
    assert plane.kept.startswith("t-SNE")


def test_few_members_lie_by_their_principal_components() -> None:
    dataset, _ = planted(30)
    plane = flattened(Segmentation(n_segments=2).segment(dataset), 0)
    assert plane.points.shape == (30, 2)
    np.testing.assert_allclose(plane.points.std(axis=0), 1, rtol=1e-4)
    assert plane.kept.startswith("principal")


def test_one_member_and_none() -> None:
    dataset, _ = planted(30)
    found = Segmentation(n_segments=2, by="facts").segment(dataset)
    assert np.isfinite(flattened(found, 0).points).all()
