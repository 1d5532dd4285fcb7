"""Rows that lean to a mean, against the normal equations written out."""

import numpy as np
from scipy import sparse

from slatewright.models.factorisation.least_squares import Basis, Penalty, Rows
from slatewright.models.factorisation.sweeping import eigenbasis
from slatewright.models.hybrid.leaning import LeaningRows


def test_each_row_solves_its_normal_equations() -> None:
    draw = np.random.default_rng(0)
    matrix = sparse.csr_matrix(sparse.random_array((7, 9), density=0.4, rng=draw, dtype=np.float32))
    fixed = draw.standard_normal((9, 4)).astype(np.float32)
    means = draw.standard_normal((7, 4)).astype(np.float32)
    spectrum, rotation = eigenbasis(fixed.T @ fixed)
    fixed, means = fixed @ rotation, means @ rotation
    penalty = Penalty(0.3, 0.5, 0.2)
    rows = LeaningRows.of(Rows.of(matrix, penalty), 9)
    found = np.empty((7, 4), dtype=np.float32)
    rows.solve(Basis(fixed, spectrum), means, found, 100, 1e-7)
    ridge = penalty.of_rows(np.diff(matrix.indptr), 9)
    for row in range(7):
        weights = matrix[row].toarray()[0]
        extra = np.where(weights > 0, weights - 0.2, 0)
        left = 0.2 * fixed.T @ fixed + ridge[row] * np.eye(4) + (fixed * extra[:, None]).T @ fixed
        np.testing.assert_allclose(
            found[row], np.linalg.solve(left, fixed.T @ weights + ridge[row] * means[row]), atol=1e-4
        )
    nearly = np.empty_like(found)
    rows.sweep(Basis(fixed, spectrum), means, nearly)
    np.testing.assert_allclose(nearly, found, atol=0.05)
