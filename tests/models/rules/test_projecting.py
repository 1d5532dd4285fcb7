from slatewright.models.rules.projecting import project

from .test_mining import made


def test_places_rise_in_each_basket_and_rare_items_are_gone() -> None:
    table = project(made([{0, 1, 2}, {1, 3}, {0, 1}, {1, 2}]), least=2)
    assert table.order.tolist() == [0, 2, 1]  # two baskets, two, four; item 3 is in one only
    assert table.places.tolist() == [0, 1, 2, 2, 0, 2, 1, 2]
    assert table.bounds.tolist() == [0, 2, 4, 8]
    tails = [table.places[a:b].tolist() for a, b in zip(table.starts, table.ends, strict=True)]
    assert tails == [[1, 2], [2], [2], [2], [], [], [], []]
