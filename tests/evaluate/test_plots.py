"""The picture of an evaluation shows every recommender, and is drawn the same every time."""

from xml.etree import ElementTree

from slatewright.evaluate import Evaluation
from slatewright.evaluate.evaluation import Group, Measured
from slatewright.evaluate.plots import intervals_svg
from slatewright.metrics.bootstrap import Interval


def found(value: float) -> Evaluation:
    names = ("popularity", "pipe & <line>")
    metrics = {name: Interval(value, value / 2, value * 1.5) for name in ("ndcg", "recall")}
    measured = tuple(Measured(name, metrics, {}) for name in names)
    groups = (Group("users with a new item", "who", 1234, measured),)
    return Evaluation(k=10, as_of=0, data="", n_users=9, n_items=9, level=0.95, groups=groups)


def test_every_recommender_and_metric_is_named() -> None:
    svg = intervals_svg(found(0.2))
    texts = {"".join(one.itertext()).strip() for one in ElementTree.fromstring(svg).iter() if one.tag.endswith("text")}  # noqa: S314 (our own)
    assert {"popularity", "pipe & <line>", "NDCG@10", "Recall@10"} <= texts
    assert "users with a new item: 1,234 users, 95% intervals" in texts


def test_equal_numbers_give_equal_files_and_others_do_not() -> None:
    assert intervals_svg(found(0.2)) == intervals_svg(found(0.2))
    assert intervals_svg(found(0.2)) != intervals_svg(found(0.3))
