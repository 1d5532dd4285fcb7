"""Every leak is planted and caught; honest splits pass."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slatewright.core.errors import BadInput, BadKnob, Leak, SlatewrightError
from slatewright.data.dataset import Dataset, dataset_of
from slatewright.data.encoding.facts import FactsEncoder
from slatewright.data.splits import (
    ByUser,
    Fold,
    GlobalTime,
    KFold,
    LastN,
    Protocol,
    RollingWindows,
    Split,
    WarmItems,
    cases_of,
)
from slatewright.data.splits.fold import part_of
from slatewright.evaluate import evaluate
from slatewright.evaluate.audit import CHECKS, Audit, Finding, audit_line
from slatewright.models import ItemKNN
from slatewright.pipeline import ModelScore, ModelSource, Recipe
from slatewright.pipeline.pipeline import Pipeline

N = 40  # days
ROWS = [(f"u{u:02}", f"i{(u + 3 * t) % 30:02}", "view", t, f"visit {t // 4}") for u in range(20) for t in range(N)]
EVENTS = pl.DataFrame(ROWS, schema=["user_id", "item_id", "kind", "time", "session_id"], orient="row")
DATASET = dataset_of(EVENTS)
TIMES = DATASET.interactions.time
CUT = 30
SPLIT = GlobalTime(at="1970-01-01T00:00:00.000030")
HONEST = next(SPLIT.split(DATASET))


def outcomes(fold: Fold, audit: Audit | None = None, k: int = 5, **recommenders: object) -> dict[str, str]:
    found = (audit or Audit()).findings(fold, recommenders, k)  # type: ignore[arg-type]
    return {one.check: one.outcome for one in found}


def failed(fold: Fold, audit: Audit | None = None, k: int = 5, **recommenders: object) -> Finding:
    """The one check that fails; an evaluation of the same fold and recommenders ends with it."""
    bad = [one for one in (audit or Audit()).findings(fold, recommenders, k) if one.outcome == "failed"]  # type: ignore[arg-type]
    assert len(bad) == 1, [str(one) for one in bad]
    declared = fold.declaring(**(audit or Audit()).transforms)
    with pytest.raises(Leak, match=f"1 of 7 checks failed:\n  {bad[0].check}: "):
        evaluate(recommenders, declared, k=k)  # type: ignore[arg-type]
    return bad[0]


def fold_by_hand(train: np.ndarray, test: np.ndarray, dataset: Dataset = DATASET, as_of: int = CUT) -> Fold:
    known = part_of(dataset, train, as_of)
    return Fold(known, cases_of(known, dataset, test, as_of=as_of))


def test_an_honest_split_passes_every_check() -> None:
    found = Audit().check(HONEST, {"knn": ItemKNN().fit(HONEST.train)}, 5)
    assert [one.check for one in found] == list(CHECKS)
    assert {one.outcome for one in found} == {"passed"}
    assert audit_line(found) == "audit: 7 checks passed"


def test_the_visit_that_the_cut_interrupts_is_asked_of_nobody() -> None:
    assert HONEST.test.first.min() == 32  # the visit of days 28 to 31 had begun
    assert (TIMES < CUT).sum() == len(HONEST.train.interactions)


def test_training_events_after_the_split() -> None:
    found = failed(replace(HONEST, train=replace(HONEST.train, as_of=CUT - 3)))
    assert (found.check, found.count) == ("time", 20 * 3)
    assert found.reason.startswith("60 training events lie at or after the split, 1970-01-01")
    assert found.examples[0].startswith("u00 i")


def test_test_events_before_the_split() -> None:
    dataset = dataset_of(EVENTS.drop("session_id"))
    found = failed(fold_by_hand(TIMES < CUT - 2, (TIMES >= CUT - 2) & (TIMES > 0), dataset))
    assert (found.check, found.count) == ("time", 20)
    assert found.examples == ("u00", "u01", "u02")
    with pytest.raises(Leak, match="20 users have test events before the split"):
        Audit().check(fold_by_hand(TIMES < CUT - 2, TIMES >= CUT - 2, dataset), {}, 5)


def test_events_dealt_at_random_leak_in_time() -> None:
    test = np.random.default_rng(0).random(len(TIMES)) < 0.2
    by_hand = fold_by_hand(~test, test, as_of=DATASET.as_of)
    found = Audit().findings(by_hand, {}, 5)
    assert {"time", "sessions"} <= {one.check for one in found if one.outcome == "failed"}


def test_a_user_whose_own_later_events_were_learned() -> None:
    protocol = next(LastN(1).split(DATASET)).protocol
    first_ones = np.arange(len(TIMES)) % N == 0
    known = part_of(DATASET, ~first_ones, DATASET.as_of)
    fold = Fold(known, cases_of(known, DATASET, first_ones), protocol=protocol)
    assert outcomes(fold)["time"] == "failed"


def test_items_and_users_of_the_test_part_in_the_id_maps() -> None:
    late = pl.DataFrame({"user_id": ["late"], "item_id": ["new"], "kind": ["view"], "time": [35]})
    dataset = dataset_of(pl.concat([EVENTS.drop("session_id"), late.cast({"time": pl.Int64})]))
    before = dataset.interactions.time < CUT
    whole = replace(dataset, interactions=dataset.interactions.take(before), as_of=CUT)
    fold = Fold(whole, cases_of(whole, dataset, ~before, as_of=CUT))
    found = failed(fold)
    assert (found.check, found.count) == ("ids", 2)
    assert found.examples == ("new", "late")
    assert "1 items and 1 users of the test part have an index in training" in found.reason


def test_items_known_by_facts_are_warm_and_whether_in_time_cannot_be_seen() -> None:
    facts = pl.DataFrame({"item_id": ["new"], "price": [2.0]})
    late = pl.DataFrame({"user_id": ["u01"], "item_id": ["new"], "kind": ["view"], "time": [35]})
    events = pl.concat([EVENTS.drop("session_id"), late.cast({"time": pl.Int64})])
    train = dataset_of(events, as_of=CUT, item_facts=facts)
    later = dataset_of(events)
    fold = Fold(train, cases_of(train, later, later.interactions.time >= CUT, as_of=CUT))
    assert outcomes(fold)["ids"] == "warned"
    assert outcomes(replace(fold, train=replace(train, facts_until=CUT - 1)))["ids"] == "passed"


def test_a_model_fitted_on_everything() -> None:
    found = failed(HONEST, knn=ItemKNN().fit(DATASET))
    assert (found.check, found.count) == ("fitted", 20 * (N - CUT))
    assert "knn was fitted on 200 events at or after the split" in found.reason


def test_a_model_fitted_on_users_and_items_of_the_test_part() -> None:
    fold = next(ByUser(test_share=0.5, unseen_share=1).split(DATASET))
    found = failed(fold, knn=ItemKNN().fit(DATASET))
    assert found.check == "fitted"
    assert "test users that the training part does not have" in found.reason
    warm = next(LastN(2).split(dataset_of(EVENTS.drop("session_id"))))
    found = failed(warm, knn=ItemKNN().fit(dataset_of(EVENTS.drop("session_id"))))
    assert (found.check, found.count) == ("fitted", 40)
    assert "knn was fitted on 40 of the test events" in found.reason


def test_a_model_fitted_on_more_items() -> None:
    more = dataset_of(EVENTS, item_facts=pl.DataFrame({"item_id": ["another"], "size": [1]}), as_of=CUT)
    found = failed(HONEST, knn=ItemKNN().fit(more))
    assert "fitted on 1 items that the training part does not have" in found.reason


def test_a_model_of_part_of_the_training_events_is_fine() -> None:
    assert HONEST.validation is not None
    part = replace(HONEST.train, interactions=HONEST.train.interactions.take(HONEST.train.interactions.time < 20))
    assert outcomes(HONEST, knn=ItemKNN().fit(part))["fitted"] == "passed"


def test_a_transform_fitted_on_the_test_part() -> None:
    colours = pl.DataFrame({"item_id": DATASET.items.names, "colour": ["red"] * 29 + ["blue"]})
    late = DATASET.interactions.item == 29
    dataset = dataset_of(EVENTS, item_facts=colours)
    fold = next(SPLIT.split(replace(dataset, interactions=dataset.interactions.take(~late | (TIMES >= CUT)))))
    assert len(fold.train.items) == 29
    encoder = FactsEncoder().fit(dataset.item_facts)
    found = failed(fold, Audit(transforms={"encoder": encoder}))
    assert found.examples == ("colour=blue",)
    assert (
        outcomes(fold, Audit(transforms={"encoder": FactsEncoder().fit(fold.train.item_facts)}))["fitted"] == "passed"
    )
    assert failed(fold, Audit(transforms={"tower": dataset.items})).examples == ("i29",)
    assert failed(fold, Audit(transforms={"words": ["i01", "i29"]})).count == 1


def test_one_visit_on_both_sides() -> None:
    found = failed(fold_by_hand(TIMES < CUT, TIMES >= CUT))
    assert (found.check, found.count) == ("sessions", 20)
    assert found.examples == ("u00", "u01", "u02")


def test_equal_names_of_visits_of_different_users_are_different_visits() -> None:
    early = (pl.col("user_id") < "u10") == (pl.col("time") < CUT)
    named = EVENTS.with_columns(session_id=pl.when(early).then(pl.lit("a")).otherwise(pl.lit("b")))
    fold = next(replace(SPLIT, validation_share=0.0).split(dataset_of(named)))
    assert len(fold.test) == 20
    assert outcomes(fold)["sessions"] == "passed"


def test_one_event_on_both_sides() -> None:
    twice = dataset_of(pl.concat([EVENTS.drop("session_id")] * 2))
    row = np.arange(len(twice.interactions))
    last = row % (2 * N) == 2 * N - 1
    known = part_of(twice, ~last, twice.as_of)
    fold = Fold(known, cases_of(known, twice, last), protocol=next(LastN(1).split(twice)).protocol)
    found = failed(fold)
    assert (found.check, found.count) == ("duplicates", 20)
    assert "one user, item, kind and instant" in found.reason


def test_a_pair_that_training_has_is_not_new() -> None:
    bare = replace(
        HONEST.test, histories=HONEST.test.histories.take(np.zeros(0, np.int32)).spread(HONEST.test.trained & False)
    )
    found = failed(replace(HONEST, test=bare))
    assert found.check == "duplicates"
    assert "count as new for users who have them in training" in found.reason


def test_a_repeat_purchase_is_no_leak() -> None:
    (found,) = [one for one in Audit().findings(HONEST, {}, 5) if one.check == "duplicates"]
    assert found.outcome == "passed"
    assert "160 pairs come again later" in found.reason


def test_facts_of_after_the_split() -> None:
    facts = pl.DataFrame({"item_id": DATASET.items.names, "price": np.arange(30.0)})
    dataset = dataset_of(EVENTS, item_facts=facts)
    fold = next(SPLIT.split(dataset))
    assert outcomes(fold)["features"] == "warned"  # they carry no time
    assert outcomes(next(SPLIT.split(replace(dataset, facts_until=CUT - 1))))["features"] == "passed"
    found = failed(next(SPLIT.split(replace(dataset, facts_until=CUT))))
    assert found.check == "features"
    assert "facts are as told until 1970-01-01T00:00:00.000030" in found.reason


def test_histories_and_pipelines_that_look_ahead() -> None:
    ahead = replace(HONEST.test, histories=replace(HONEST.test.histories, times=HONEST.test.histories.times + 1))
    assert failed(replace(HONEST, test=ahead)).count == 20
    recipe = Recipe({"knn": ItemKNN()}, (ModelSource("knn"),), score=ModelScore("knn"))
    pipeline = Pipeline.fit(recipe, HONEST.train)
    assert set(outcomes(HONEST, shop=pipeline).values()) == {"passed"}
    later = replace(pipeline, world=replace(pipeline.world, as_of=CUT + 1))
    assert failed(HONEST, shop=later).examples == ("shop as of 1970-01-01T00:00:00.000031+00:00",)
    everything = Pipeline.fit(recipe, DATASET)
    assert outcomes(HONEST, shop=everything)["fitted"] == outcomes(HONEST, shop=everything)["features"] == "failed"


def test_k_above_the_catalogue() -> None:
    found = failed(HONEST, k=31)
    assert (found.check, found.count) == ("k", 1)
    assert "lists of 31 hold the whole catalogue of 30 items" in found.reason


def test_what_is_allowed_goes_on_and_is_said() -> None:
    found = Audit(allow=("k",)).check(HONEST, {}, 31)
    (one,) = [one for one in found if one.check == "k"]
    assert (one.outcome, one.passed) == ("allowed", False)
    assert audit_line(found) == "audit: 6 checks passed, 1 allowed by hand"
    assert set(outcomes(HONEST, Audit(allow=("k",)), 5).values()) == {"passed"}  # it did not fail: nothing to allow
    with pytest.raises(BadKnob, match="allow must be of the checks time, ids"):
        Audit(allow=("everything",))


def test_the_error_says_what_to_do() -> None:
    with pytest.raises(Leak, match="1 of 7 checks failed") as caught:
        Audit().check(HONEST, {}, 31)
    assert "judge lists of 15 or fewer" in str(caught.value)
    assert '--allow k, or fold.allowing("k")' in str(caught.value)
    assert isinstance(caught.value, SlatewrightError)
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize("split", [LastN(2), ByUser(), KFold(3), WarmItems(test_share=0.3)])
def test_protocols_that_leak_in_time_say_so(split: Split) -> None:
    staggered = EVENTS.with_columns(time=pl.col("time") + pl.col("user_id").str.slice(1).cast(pl.Int64))
    fold = next(iter(split.split(dataset_of(staggered))))
    found = {one.check: one for one in Audit().check(fold, {}, 5)}
    assert found["time"].outcome == "warned"
    assert "a model may see other users' later events" in found["time"].reason
    assert f"{fold.protocol.name} leaks in time by construction" in found["time"].reason
    assert found["time"].count > 0
    assert isinstance(fold.protocol, Protocol)


def test_events_without_times_are_not_said_to_be_in_order() -> None:
    untimed = dataset_of(EVENTS.drop("time", "session_id").unique())
    fold = next(KFold(3).split(untimed))
    assert outcomes(fold)["time"] == "warned"
    row = np.arange(len(untimed.interactions))
    assert outcomes(fold_by_hand(row % 3 > 0, row % 3 == 0, untimed))["time"] == "warned"


SPLITS = st.sampled_from(
    [
        GlobalTime(test_share=0.3),
        RollingWindows(windows=2, window_days=10 / 86_400e6),
        LastN(1),
        LastN(2, user_share=0.5),
        ByUser(test_share=0.5),
        KFold(3),
        WarmItems(test_share=0.3, least_events=1),
    ]
)
EVENT = st.tuples(
    st.integers(0, 5),
    st.integers(0, 9),
    st.sampled_from("vp"),
    st.integers(0, 40),
    st.sampled_from([None, "a", "b", "c"]),
)


@settings(max_examples=300)
@given(st.lists(EVENT, min_size=4, max_size=60, unique_by=lambda row: row[:4]), SPLITS, st.booleans())
def test_no_honest_split_raises_an_alarm(
    rows: list[tuple[int, int, str, int, str | None]], split: Split, facts: bool
) -> None:
    named = [(f"u{u}", f"i{i}", kind, t, visit) for u, i, kind, t, visit in rows]
    schema = {"user_id": pl.String, "item_id": pl.String, "kind": pl.String, "time": pl.Int64, "session_id": pl.String}
    told = pl.DataFrame({"item_id": [f"i{i}" for i in range(8)], "size": range(8)}) if facts else None
    dataset = dataset_of(pl.DataFrame(named, schema=schema, orient="row"), item_facts=told)
    try:
        folds = list(split.split(dataset))
    except BadInput:
        return  # too little for this split
    for fold in folds:
        for one in (fold, fold.validation):
            if one is not None:
                found = Audit().findings(one, {"knn": ItemKNN().fit(one.train)}, 1)
                assert not [str(bad) for bad in found if not bad.passed]
