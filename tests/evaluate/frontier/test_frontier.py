from slatewright.evaluate.frontier import Frontier, Point
from slatewright.metrics.bootstrap import Interval


def point(name: str, ndcg: float, diversity: float, miscalibration: float) -> Point:
    values = {"ndcg": ndcg, "diversity": diversity, "miscalibration": miscalibration}
    metrics = {metric: Interval(value, value, value) for metric, value in values.items()}
    return Point(name, name, "", metrics)


FOUND = Frontier(
    20,
    0,
    "users",
    10,
    0.95,
    (
        point("recipe", 0.100, 0.50, 1.0),
        point("varied", 0.099, 0.60, 1.2),
        point("wild", 0.050, 0.90, 0.5),
        point("bad", 0.040, 0.80, 1.5),
        point("twin", 0.099, 0.60, 1.2),
    ),
)


def test_the_front_is_what_nothing_beats_in_both() -> None:
    assert [one.name for one in FOUND.front("diversity")] == ["recipe", "varied", "wild"]
    assert [one.name for one in FOUND.front("miscalibration")] == ["recipe", "wild"]  # lower is better


def test_only_what_every_point_has_is_measured() -> None:
    assert FOUND.across == ("diversity", "miscalibration")


def test_what_to_conclude_for_two_per_cent_of_accuracy() -> None:
    assert list(FOUND.sentences()) == [
        "Diversity@20: varied brings .6000 instead of .5000, at NDCG@20 .0990 instead of .1000.",
        "Miscalibration@20: nothing brings more than the recipe's 1.0000 for 2% of NDCG@20.",
    ]


def test_plain_data_has_the_fronts() -> None:
    told = FOUND.as_dict()
    assert told["fronts"] == {"diversity": ["recipe", "varied", "wild"], "miscalibration": ["recipe", "wild"]}
