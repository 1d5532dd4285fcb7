from slatewright.data.dataset import dataset_of
from slatewright.models import ItemKNN, Popularity
from slatewright.models.blends.parts import LEARNED, fitted, sum_of_costs
from slatewright.models.costs import Costed, Size
from slatewright.testing.worlds import two_tastes


def test_equal_estimators_are_fitted_once() -> None:
    models = fitted((ItemKNN(), Popularity(), ItemKNN()), dataset_of(two_tastes()))
    assert models[0] is models[2]


def test_costs_add_up() -> None:
    size = Size.of(dataset_of(two_tastes()))
    one, two = (sum_of_costs((ItemKNN(), Popularity()), size, times) for times in (1, 2))
    assert two.memory == one.memory
    assert two.work == {kind: 2 * amount for kind, amount in one.work.items()}
    parts = [part.cost(size) for part in (ItemKNN(), Popularity()) if isinstance(part, Costed)]
    assert one.memory == max(part.memory for part in parts) + LEARNED * min(part.memory for part in parts)
