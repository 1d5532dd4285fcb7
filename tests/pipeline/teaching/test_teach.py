from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from slatewright.core.clock import MICROSECONDS_PER_DAY
from slatewright.data.dataset import Dataset, dataset_of
from slatewright.features import Fact, HistoryCount, Ignored
from slatewright.models.rankers import LambdaRank
from slatewright.models.rankers.linear import Linear
from slatewright.models.rankers.trees import Trees
from slatewright.pipeline import Pipeline, Request, SourceRank
from slatewright.pipeline.scores import Lessons, Objective
from slatewright.pipeline.teaching.asking import ask
from slatewright.pipeline.teaching.besides import Besides
from slatewright.pipeline.teaching.impressions import Impressions
from slatewright.pipeline.teaching.questions import Questions, later_visits
from slatewright.pipeline.teaching.table import candidates_of, filled
from slatewright.pipeline.teaching.teach import Past, since_of, teach
from tests.pipeline.teaching.worlds import LESSONS, past, recipe, score, shop


def visits_of(before: Past, most: int = 60) -> Questions:
    rng = np.random.default_rng(0)
    return later_visits(before.dataset, before.world.as_of, Lessons(n_questions=most), rng)


def test_the_latest_share_of_the_events_lies_from_the_instant_on() -> None:
    known = shop()
    since = since_of(known, 0.3)
    assert since is not None
    assert (known.interactions.time >= since).mean() == pytest.approx(0.3, abs=0.01)
    assert since_of(dataset_of(pl.DataFrame({"user_id": ["a", "b"], "item_id": ["x", "x"]})), 0.3) is None


def test_what_is_taught_orders_what_people_did_next_better_than_the_sources() -> None:
    taught = teach(score(), past())
    assert taught is not None
    (chance,) = taught.chances.values()
    assert isinstance(chance.ranker, Trees)
    assert taught.sources == ("together", "popular")
    assert taught.told == {"visits": 150, "slates": 0}


def with_more(known: Dataset, now: int) -> Dataset:
    """The same data set with a leak planted: from an instant on everybody buys everything, again and again."""
    users, items = known.n_users, known.n_items
    table = known.interactions
    more = pl.DataFrame(
        {
            "user_id": np.repeat(known.users.names_of(np.arange(users, dtype=np.int32)), items),
            "item_id": pl.concat([known.items.names_of(np.arange(items, dtype=np.int32))] * users),
            "kind": "purchase",
            "time": np.full(users * items, now, dtype=np.int64),
        }
    )
    before = pl.DataFrame(
        {
            "user_id": known.users.names_of(table.user),
            "item_id": known.items.names_of(table.item),
            "kind": pl.Series(table.kinds).gather(table.kind),
            "time": table.time,
        }
    )
    facts = known.item_facts.with_columns(item_id=known.items.names)
    return dataset_of(pl.concat([before, more]), as_of=now + 1, item_facts=facts)


def test_nothing_of_later_is_in_a_row() -> None:
    known = shop()
    since = since_of(known, LESSONS.teaching_share)
    assert since is not None
    cut = since + (known.as_of - since) // 2  # the leak lies between the questions
    tables = []
    for dataset in (known, with_more(known, cut)):
        before = past(dataset, since)
        asked = later_visits(known, since, Lessons(n_questions=10**9), np.random.default_rng(0))
        early = np.flatnonzero(asked.times < cut)[:60]
        stops = dataset.histories().offsets[asked.users[early]] + (
            asked.stops[early] - known.histories().offsets[asked.users[early]]
        )
        nothing = np.zeros(len(early) + 1, dtype=np.int64)
        questions = Questions(asked.users[early], asked.times[early], stops, nothing, asked.items[:0], asked.kinds[:0])
        reader = score().reader(before.world, ("together", "popular"))
        candidates = ask(before.stages, before.world, dataset, questions)
        rows = candidates_of(candidates, questions, reader, 10, np.random.default_rng(0))
        tables.append(filled(rows, questions, reader, dataset.histories(), before.events, placed=False))
    np.testing.assert_array_equal(tables[0], tables[1])


def test_little_to_learn_from_gives_a_weighted_sum_and_less_nothing() -> None:
    before = past()
    some = teach(score(lessons=replace(LESSONS, n_questions=100, least_questions=200)), before)
    assert some is not None
    assert all(isinstance(one.ranker, Linear) for one in some.chances.values())
    assert teach(score(lessons=replace(LESSONS, n_questions=10, least_questions=200)), before) is None


def test_every_objective_has_a_chance_of_its_own() -> None:
    aims = (Objective(("view",)), Objective(("purchase",)), Objective(("purchase",), 2.0, "price"))
    taught = teach(score(objectives=aims, lessons=replace(LESSONS, n_questions=600)), past())
    assert taught is not None
    assert list(taught.chances) == ["view", "purchase"]


ITEMS, SLATES, LENGTH = 30, 900, 8
QUALITY = np.linspace(-1, 1, ITEMS)
LOUD = np.random.default_rng(7).permutation(ITEMS) / ITEMS  # what the old page sorted by: it has nothing to do with it
SEEN = 1 / np.arange(1, LENGTH + 1)  # the chance that a place is looked at


def biased_page(random_share: float) -> tuple[Past, Impressions]:
    """A shop that sorted its page by ``loud``, but a share of the time at random; people look at the top and click what
    is good. Propensities are exact."""
    rng = np.random.default_rng(0)
    day = MICROSECONDS_PER_DAY
    users = [f"u{at:03d}" for at in range(60)]
    names = [f"i{at:02d}" for at in range(ITEMS)]
    first = pl.DataFrame({"user_id": users, "item_id": names * 2, "time": [0] * 60, "kind": ["view"] * 60})
    slates, caused = [], []
    for number in range(SLATES):
        chosen = rng.choice(ITEMS, LENGTH, replace=False)
        usual = chosen[np.argsort(-LOUD[chosen])]
        order = rng.permutation(chosen) if rng.random() < random_share else usual
        chances = random_share / LENGTH + (1 - random_share) * (order == usual)
        clicked = rng.random(LENGTH) < SEEN / (1 + np.exp(-4 * QUALITY[order]))
        time, user = (20 + number) * day // 8, users[number % 60]
        slates.append((f"s{number}", user, [names[at] for at in order], time, chances.tolist()))
        caused += [(f"s{number}", names[at], "click", user, time + 60_000_000) for at in order[clicked]]
    clicks = pl.DataFrame(caused, schema=["slate_id", "item_id", "kind", "user_id", "time"], orient="row")
    events = pl.concat([first, clicks.select(first.columns)])
    facts = pl.DataFrame({"item_id": names, "quality": QUALITY, "loud": LOUD})
    dataset = dataset_of(events, item_facts=facts)
    shown = pl.DataFrame(slates, schema=["slate_id", "user_id", "item_ids", "time", "propensities"], orient="row")
    return past(dataset, 2 * day), Impressions.of(shown, clicks)


def sway(position: str, random_share: float) -> float:
    """How much the chance of a click follows what the old page sorted by, where quality is the same: 0 is right."""
    before, shown = biased_page(random_share)
    lessons = Lessons(n_questions=SLATES, least_questions=50, position=position)
    ranker = LambdaRank(n_trees=25, n_leaves=7, min_rows=100, loss="binary")
    quiet = replace(before, stages=replace(before.stages, sources=()))  # slates alone teach
    taught = teach(score(features=(Fact("quality"), Fact("loud")), ranker=ranker, lessons=lessons), quiet, shown)
    assert taught is not None
    assert taught.told["slates"] > 800
    (chance,) = taught.chances.values()
    quality, loud = (one.ravel() for one in np.meshgrid(np.linspace(-0.9, 0.9, 10), np.linspace(0.05, 0.95, 10)))
    columns = [quality, loud, *([np.ones(100)] if taught.placed else [])]
    marks = chance.ranker.mark(np.stack(columns, axis=1).astype(np.float32)).reshape(10, 10)
    assert (marks[:, -1] > marks[:, 0]).all()  # quality counts anyway
    return float((marks[-1] - marks[0]).mean() / (marks[:, -1] - marks[:, 0]).mean())


def test_a_place_passes_for_worth_unless_it_is_accounted_for() -> None:
    fooled = sway("ignore", 0.2)
    assert fooled > 0.35
    assert abs(sway("auto", 0.2)) < 0.15  # propensities
    assert abs(sway("feature", 0.2)) < 0.15


def test_what_was_shown_and_ignored_teaches_and_is_read_alike() -> None:
    known, user = shop(), 3
    names, day = known.items.names.to_list(), MICROSECONDS_PER_DAY
    done = known.histories().one(user)
    fresh = [names[item] for item in range(known.n_items) if item not in done.items][:4]
    slates = pl.DataFrame(
        {
            "slate_id": [f"s{at}" for at in range(40)],
            "user_id": known.users.names.to_list()[:40],
            "item_ids": [fresh] * 40,
            "time": [known.as_of - at * day // 4 for at in range(1, 41)],
        }
    )
    caused = pl.DataFrame(schema={"slate_id": pl.String, "item_id": pl.String, "kind": pl.String})
    learned = score(features=(SourceRank(), Ignored(None), HistoryCount("impression")))
    fitted = Pipeline.fit(recipe(learned), known, besides=Besides(Impressions.of(slates, caused)))
    assert fitted.world.taught is not None
    assert fitted.world.taught.told["slates"] > 0
    assert fitted.stages.asks_shown
    slate = fitted.ask(Request(5, known.as_of, known.users.name(user)))
    items, columns = slate.trace.query.read["learned"]
    ignored = dict(zip(known.items.names_of(items).to_list(), columns[:, -2].tolist(), strict=True))
    assert {name for name, count in ignored.items() if count} == set(fresh) & set(ignored)
    assert set(ignored.values()) <= {0.0, 1.0}
    assert sum(ignored.values()) > 0
