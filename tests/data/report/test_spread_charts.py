from slatewright.data.report import describe
from slatewright.data.report.spread_charts import activity, long_tail, popularity

from .making import shop_events


def test_bars_carry_their_numbers() -> None:
    users = activity(describe(shop_events()))
    assert ">5-8</text>" in users  # ann has six events
    assert users.count(">1</text>") == 4  # the bin "1", and one user in each of three bins
    assert ">9-16</text>" not in users
    assert popularity(describe(shop_events())).count(">2</text>") == 2  # the bin "2", and two items with one event


def test_the_curve_of_the_long_tail_is_read_off_at_a_few_places() -> None:
    svg = long_tail(describe(shop_events()))
    assert "50\u00a0% of the items take 80\u00a0%" in svg  # mug 5 and cup 3 of 10
