import polars as pl

from slatewright.core.clock import MICROSECONDS_PER_DAY
from slatewright.data.dataset import dataset_of
from slatewright.models import Popularity
from slatewright.pipeline import Pipeline, Recipe, Request, TrendingSource
from slatewright.testing.stages import StageKit
from slatewright.testing.worlds import START

DAY = MICROSECONDS_PER_DAY
AS_OF = START + 14 * DAY


class TestTrendingSource(StageKit):
    stage = TrendingSource(days=30, least_people=1, limit=5)


def week(item: str, users: range, day: float, times: int = 1) -> pl.DataFrame:
    rows = [(f"u{user:02d}", item, START + int((day + 0.01 * at) * DAY)) for user in users for at in range(times)]
    return pl.DataFrame(rows, schema=["user_id", "item_id", "time"], orient="row")


def proposed(least_people: int = 5) -> dict[str, float]:
    events = pl.concat(
        [
            week("steady", range(20), 1), week("steady", range(20), 9),
            week("rising", range(4), 2), week("rising", range(5, 17), 10),
            week("falling", range(15), 3), week("falling", range(3), 11),
            week("one fan", range(1), 12, times=50),
            week("few", range(4), 13),
        ]
    )  # fmt: skip
    source = TrendingSource(days=7, least_people=least_people)
    dataset = dataset_of(events, as_of=AS_OF)
    pipeline = Pipeline.fit(Recipe({"popular": Popularity()}, (source,)), dataset)
    proposal = pipeline.stages.sources[0].propose(pipeline.query(Request(3, AS_OF, "u00")))
    return dict(zip(dataset.items.names_of(proposal.items), proposal.scores.tolist(), strict=True))


def test_it_proposes_what_more_people_take_than_before() -> None:
    assert list(proposed()) == ["rising"]


def test_people_count_not_events_and_a_few_are_no_trend() -> None:
    assert "one fan" not in proposed(least_people=2)
    assert list(proposed(least_people=4)) == ["few", "rising"]


def test_the_score_is_the_rise_in_deviations_given_the_growth_of_the_shop() -> None:
    before, now = 20 + 4 + 15, 20 + 12 + 3 + 1 + 4
    expected = 4 * now / before
    assert abs(proposed()["rising"] - (12 - expected) / (12 + expected) ** 0.5) < 1e-5
