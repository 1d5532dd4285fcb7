import numpy as np
import pytest
from scipy import sparse

from slatewright.core.randomness import generator
from slatewright.models.factorisation.cells import PARTS, Dealer, Lottery


def some_matrix(n_users: int, n_items: int, density: float) -> sparse.csr_matrix:
    matrix = sparse.random(n_users, n_items, density, format="csr", dtype=np.float32, random_state=0)
    matrix.sort_indices()
    return matrix


@pytest.mark.parametrize(
    ("n_users", "n_items", "density"), [(300, 4000, 0.05), (3, 4000, 1.0), (20, 30, 0.2), (1, 1, 0)]
)
def test_every_entry_lies_in_the_cell_of_its_user_and_item(n_users: int, n_items: int, density: float) -> None:
    matrix = some_matrix(n_users, n_items, density)
    dealer = Dealer.of(matrix)
    cells = dealer.deal(generator(0))
    assert sorted(cells.order.tolist()) == list(range(n_items))
    found = sparse.csr_matrix(matrix.shape, dtype=np.float32)
    for p in range(len(cells.bounds)):
        for q in range(len(cells.bounds)):
            mine = slice(*cells.bounds[p, q : q + 2])
            assert (cells.users[mine] >= dealer.user_bounds[p]).all()
            assert (cells.users[mine] < dealer.user_bounds[p + 1]).all()
            assert (np.diff(cells.users[mine]) >= 0).all()
            items = cells.order[slice(*cells.item_bounds[q : q + 2])][cells.items[mine]]
            found += sparse.csr_matrix((cells.weights[mine], (cells.users[mine], items)), shape=matrix.shape)
    assert len(cells.users) == matrix.nnz
    assert (found != matrix).nnz == 0


def test_each_cell_has_its_turn_and_the_items_move_between_epochs() -> None:
    dealer, rng = Dealer.of(some_matrix(300, 4000, 0.05)), generator(0)
    cells, met = dealer.deal(rng), []
    cells.each(lambda p, q: met.append((p, q)))
    assert sorted(met) == [(p, q) for p in range(PARTS) for q in range(PARTS)]
    assert (dealer.deal(rng).order != cells.order).any()


def test_cells_that_share_users_or_items_come_one_after_the_other_in_the_order_of_the_rounds() -> None:
    cells = Dealer.of(some_matrix(300, 4000, 0.05)).deal(generator(0))
    of_users: list[list[int]] = [[] for _ in range(PARTS)]
    of_items: list[list[int]] = [[] for _ in range(PARTS)]
    busy: set[tuple[str, int]] = set()

    def task(p: int, q: int) -> None:
        assert not busy & {("users", p), ("items", q)}
        busy.update({("users", p), ("items", q)})
        of_users[p].append(q)
        of_items[q].append(p)
        busy.difference_update({("users", p), ("items", q)})

    cells.each(task)
    assert of_users == [[(p + turn) % PARTS for turn in range(PARTS)] for p in range(PARTS)]
    assert of_items == [[(q - turn) % PARTS for turn in range(PARTS)] for q in range(PARTS)]


def test_a_cell_that_fails_stops_those_that_wait_for_it() -> None:
    cells, met = Dealer.of(some_matrix(300, 4000, 0.05)).deal(generator(0)), []

    def task(p: int, q: int) -> None:
        met.append((p, q))
        if (p, q) == (0, 0):
            raise ArithmeticError

    with pytest.raises(ArithmeticError):
        cells.each(task)
    assert (0, 1) not in met


@pytest.mark.parametrize("weights", [[1.0], [1, 1, 1], [5, 1, 0.5, 0.01, 7, 1e-6], [1e9, 1, 1]])
def test_the_chances_of_a_lottery_are_the_shares_of_the_weights(weights: list[float]) -> None:
    lottery, n = Lottery.of(np.array(weights, dtype=np.float64)), len(weights)
    chances = lottery.keep.astype(np.float64) / n
    np.add.at(chances, lottery.other, (1 - lottery.keep.astype(np.float64)) / n)
    np.testing.assert_allclose(chances, np.array(weights) / sum(weights), atol=1e-6)
