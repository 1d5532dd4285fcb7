from dataclasses import replace
from functools import cache

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slatewright.core.errors import BadInput
from slatewright.data.dataset import dataset_of
from slatewright.data.histories import Histories
from slatewright.explain.of_histories import (
    DIVIDED,
    MOST_ITEMS,
    NOTHING_KNOWN,
    SAYS_NOTHING,
    SUMS,
    how_exact,
    reasons_of_score,
)
from slatewright.explain.reasons import Reasons
from slatewright.models import (
    ALS,
    BPR,
    EASE,
    SLIM,
    BiasedMF,
    BuyItAgain,
    Content,
    Estimator,
    FactFactors,
    FactFeatures,
    GraphFilter,
    ItemKNN,
    Model,
    Popularity,
    PureSVD,
    RP3beta,
    SegmentPopularity,
    SparseInverse,
    UserKNN,
    WeightedBlend,
)
from slatewright.models.hybrid.linear_map import LinearMap
from slatewright.models.kinds import KINDS
from slatewright.models.ratings.table import Scale
from slatewright.models.shapes.fact_factors import FactedFactors
from slatewright.models.shapes.rating_factors import RatingFactors
from slatewright.testing.town import town

from .planted import CAUSE, EFFECT, kettles

LINEAR: dict[str, Estimator] = {
    "ItemKNN": ItemKNN(),
    "RP3beta": RP3beta(),
    "EASE": EASE(),
    "SLIM": SLIM(),
    "SparseInverse": SparseInverse(),
    "GraphFilter": GraphFilter(embedding_dim=4),
    "PureSVD": PureSVD(embedding_dim=4),
}
FROM_NOTHING: dict[str, Estimator] = {
    **LINEAR,
    "ALS": ALS(embedding_dim=4),
    "BPR": BPR(embedding_dim=4, epochs=3),
    "UserKNN": UserKNN(),
}


@cache
def fitted(name: str) -> Model:
    """A model of the world of kettles."""
    return FROM_NOTHING[name].fit(kettles())


def asked(model: Model, *items: str) -> Histories:
    """One history of these items, in this order."""
    return Histories.of([model.known.items.positions(list(items))])


def of(model: Model, history: Histories, item: str, method: str = "auto") -> Reasons:
    index = model.known.items.find(item)
    assert index is not None
    return reasons_of_score(model, history, index, method, 0)


def test_every_shape_says_whether_its_parts_are_its_own_sum() -> None:
    assert SUMS | DIVIDED | {"blend"} == set(KINDS)
    assert not SUMS & DIVIDED


@pytest.mark.parametrize("name", FROM_NOTHING)
def test_parts_add_up_to_the_score_and_nothing_is_left_for_the_base(name: str) -> None:
    model = fitted(name)
    for item in (EFFECT, "thing3"):
        found = of(model, asked(model, "thing1", CAUSE, "thing4", "thing1"), item, "exact")
        assert found.how == "exact"
        assert found.gap == pytest.approx(0, abs=1e-6)
        assert sum(part.contribution for part in found.parts) == pytest.approx(found.score, rel=1e-4, abs=1e-5)
        assert abs(found.base) <= 1e-4 * max(1, abs(found.score))


@pytest.mark.parametrize("name", FROM_NOTHING)
@settings(max_examples=25, deadline=None)
@given(
    events=st.lists(
        st.tuples(st.integers(0, 11), st.floats(0.125, 64, width=32), st.integers(0, 10**15)), min_size=1, max_size=12
    ),
    item=st.integers(0, 11),
)
def test_the_parts_of_any_history_add_up(name: str, events: list[tuple[int, float, int]], item: int) -> None:
    model = fitted(name)
    items, weights, times = zip(*events, strict=True)
    found = reasons_of_score(model, Histories.of([items], [weights], [times]), item, "exact", 0)
    assert found.gap == pytest.approx(0, abs=1e-5 * max(1, abs(found.score)))
    moved = sum(abs(part.contribution) for part in found.parts)
    assert abs(found.base) <= 1e-4 * max(1, moved)
    assert {part.name for part in found.parts} == {model.known.items.name(one) for one in items}


@pytest.mark.parametrize("name", LINEAR)
def test_a_part_of_a_linear_model_is_what_goes_when_the_thing_goes(name: str) -> None:
    model = fitted(name)
    whole = of(model, asked(model, "thing1", CAUSE, "thing4"), EFFECT)
    for gone in ("thing1", CAUSE, "thing4"):
        rest = [one for one in ("thing1", CAUSE, "thing4") if one != gone]
        without = of(model, asked(model, *rest), EFFECT)
        assert whole.part(gone).contribution == pytest.approx(whole.score - without.score, rel=1e-3, abs=1e-5)


@pytest.mark.parametrize("name", FROM_NOTHING)
@pytest.mark.parametrize(("method", "how"), [("auto", "exact"), ("lime", "lime")])
def test_the_one_thing_that_decides_is_found(name: str, method: str, how: str) -> None:
    model = fitted(name)
    found = of(model, asked(model, "thing1", "thing2", CAUSE, "thing7"), EFFECT, method)
    assert found.parts[0].name == CAUSE
    assert found.parts[0].contribution > 0
    assert found.how == how


def test_a_surrogate_finds_it_in_a_model_that_has_no_sum() -> None:
    model = SegmentPopularity(n_segments=2).fit(kettles())
    found = of(model, asked(model, "thing1", "thing2", CAUSE, "thing7"), EFFECT, "lime")
    assert found.parts[0].name == CAUSE
    assert found.parts[0].contribution > 0


@pytest.mark.parametrize("name", LINEAR)
def test_a_surrogate_of_a_linear_model_finds_its_parts(name: str) -> None:
    model = fitted(name)
    history = asked(model, *(f"thing{at}" for at in range(7)), CAUSE)
    exact, local = of(model, history, EFFECT, "exact"), of(model, history, EFFECT, "lime")
    assert local.fit is not None
    assert local.fit > 0.9
    ours = np.array([part.contribution for part in exact.parts])
    theirs = np.array([local.part(part.name).contribution for part in exact.parts])
    np.testing.assert_allclose(theirs, ours, atol=0.08 * np.abs(ours).max())
    assert abs(local.gap) < 0.1 * abs(local.score)


def test_the_base_of_facts_is_what_is_expected_of_everybody() -> None:
    model = Content(features=FactFeatures(least_rows=1)).fit(town())
    found = of(model, asked(model, "i000", "i002"), "i004")
    mass = 2 + model.prior_weight[0]
    assert found.base == pytest.approx(model.prior_weight[0] * model.prior[4] / mass, rel=1e-4)


def test_the_base_of_factors_that_lean_to_facts_is_what_the_facts_say() -> None:
    model = FactFactors(embedding_dim=4, epochs=2).fit(town())
    assert isinstance(model, FactedFactors)
    history = replace(asked(model, "i000", "i002"), facts=town().user_facts.head(1))
    assert abs(of(model, history, "i004", "exact").base) > 1e-3
    speechless = LinearMap(model.people.space, 0 * model.people.slopes, 0 * model.people.centre)
    assert abs(of(replace(model, people=speechless), history, "i004", "exact").base) < 1e-5


def test_the_base_of_a_rating_model_is_what_usual_ratings_would_give() -> None:
    pairs = [(f"u{at}", f"i{at * n % 7}", 1.0 + at * n % 5) for at in range(30) for n in (1, 2, 3)]
    model = BiasedMF(embedding_dim=2).fit(
        dataset_of(pl.DataFrame(pairs, schema=["user_id", "item_id", "value"], orient="row"))
    )
    assert isinstance(model, RatingFactors)
    rated = model.known.items.positions(["i1", "i4"])
    usual = Scale.read(model.scale).outside(model.levels[0, rated])
    as_usual = Histories.of([rated], values=[usual])
    assert np.abs(model.reasons(as_usual, 2)).max() < 1e-5  # what is as usual says nothing
    found = of(model, Histories.of([rated], values=[[5.0, 1.0]]), "i2")
    assert found.how == "exact"
    assert found.base == pytest.approx(
        float(model.score(as_usual)[0, model.known.items.positions(["i2"])[0]]), abs=1e-4
    )


def test_a_model_that_divides_its_score_says_so_and_has_no_exact_reasons() -> None:
    model = BuyItAgain().fit(town())
    assert of(model, asked(model, "i000"), "i000").how == "shared"
    with pytest.raises(BadInput, match="repeat_rates has no exact reasons, its score is no sum"):
        of(model, asked(model, "i000"), "i000", "exact")


def test_a_blend_is_as_exact_as_its_parts() -> None:
    parts = (ItemKNN(), Popularity())
    scaled = WeightedBlend(parts, normalisation="deviation").fit(town())
    placed = WeightedBlend(parts, normalisation="rank").fit(town())
    divided = WeightedBlend((ItemKNN(), BuyItAgain()), normalisation="deviation").fit(town())
    assert [how_exact(one) for one in (scaled, placed, divided)] == ["exact", "shared", "shared"]


@pytest.mark.parametrize("method", ["auto", "lime"])
def test_an_empty_history_has_no_parts(method: str) -> None:
    model = ItemKNN().fit(kettles())
    found = of(model, Histories.of([[]]), EFFECT, method)
    assert (found.parts, found.fit, found.base, found.notes) == ((), None, found.score, (NOTHING_KNOWN,))


@pytest.mark.parametrize("method", ["auto", "lime"])
def test_a_model_that_does_not_look_at_the_history_is_told_apart(method: str) -> None:
    model = Popularity().fit(kettles())
    found = of(model, asked(model, CAUSE, "thing1"), EFFECT, method)
    assert found.base == pytest.approx(found.score)
    assert found.notes == (SAYS_NOTHING,)


def test_events_of_one_item_are_one_part() -> None:
    model = ItemKNN().fit(kettles())
    index = model.known.items.positions(["thing1", CAUSE, "thing1"])
    found = of(model, Histories.of([index], weights=[[1, 2, 4]]), EFFECT)
    assert {part.name: part.value for part in found.parts} == {"thing1": 5.0, CAUSE: 2.0}


def test_the_oldest_things_of_a_long_history_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("slatewright.explain.of_histories.MOST_ITEMS", 2)
    model = ItemKNN().fit(kettles())
    found = of(model, asked(model, CAUSE, "thing1", "thing2"), EFFECT, "lime")
    assert found.part(CAUSE).contribution == 0
    assert found.base > 0.5 * found.score  # the kettle is always there
    assert found.notes[-1] == "Only the 2 latest of 3 items of the history were left out at times."
    assert MOST_ITEMS > 2


def test_the_same_seed_gives_the_same_surrogate_and_small_blocks_the_same_scores(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = ItemKNN().fit(kettles())
    history = asked(model, CAUSE, "thing1", "thing2")
    first = of(model, history, EFFECT, "lime")
    monkeypatch.setattr("slatewright.explain.of_histories.BLOCK_BYTES", 7 * (4 * 12 + 64 * 3))
    assert of(model, history, EFFECT, "lime") == first
