from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from slatewright.core.errors import BadInput, NotThere
from slatewright.models import ALS, Balanced, BuyItAgain, Popularity
from slatewright.pipeline import (
    MMR,
    BlendScore,
    BuyItAgainSource,
    ItemToItemSource,
    ModelScore,
    ModelSource,
    Recipe,
    SeenFilter,
    Serendipity,
    load_recipe,
)

if TYPE_CHECKING:
    from fractions import Fraction


@dataclass(frozen=True)
class Foreign:
    """A stage of somebody's own, with a type that is known to type checkers only."""

    share: "Fraction | None" = None

    def bind(self, world: Any) -> Any:
        return self


@pytest.mark.parametrize(
    ("place", "stage", "asked_by"),
    [
        ("sources", ModelSource("tast"), r"ModelSource\(model='tast'\)"),
        ("sources", ItemToItemSource("tast"), r"ItemToItemSource\(model='tast'\)"),
        ("newcomers", BuyItAgainSource("tast"), r"BuyItAgainSource\(model='tast'\)"),
        ("filters", SeenFilter(again="tast"), r"SeenFilter\(again='tast'\)"),
        ("score", ModelScore("tast"), r"ModelScore\(model='tast'\)"),
        ("score", BlendScore({"taste": 1, "tast": 1}), r"BlendScore\(weights={'taste': 1, 'tast': 1}\)"),
        ("orders", MMR(model="tast"), r"MMR\(model='tast'\)"),
        ("orders", MMR(terms=(Serendipity(model="tast"),)), r"Serendipity\(model='tast'\)"),
    ],
)
def test_a_name_that_no_estimator_has_is_refused_with_the_recipe(place: str, stage: Any, asked_by: str) -> None:
    given: dict[str, Any] = {"sources": (), place: stage if place == "score" else (stage,)}
    known = "the recipe has these estimators: popular, taste; did you mean 'taste'"
    with pytest.raises(NotThere, match=rf"^{asked_by} asks for the model 'tast'; {known}\?$"):
        Recipe({"taste": Popularity(), "popular": Popularity()}, **given)
    Recipe({"tast": Balanced(Popularity()), "taste": Popularity()}, **given)


@pytest.mark.parametrize(
    ("place", "stage", "message"),
    [
        (
            "filters",
            SeenFilter(again="taste"),
            r"SeenFilter\(again='taste'\) must .* learns RepeatRates, got Popularity",
        ),
        ("sources", BuyItAgainSource("taste"), r"BuyItAgainSource\(model='taste'\) must .* which learns ItemScores"),
        ("orders", MMR(model="taste"), r"MMR\(model='taste'\) must name an estimator that learns Factors or "),
    ],
)
def test_an_estimator_of_no_use_to_the_stage_is_refused_with_the_recipe(place: str, stage: Any, message: str) -> None:
    given: dict[str, Any] = {"sources": (), place: (stage,)}
    with pytest.raises(BadInput, match=message):
        Recipe({"taste": Popularity()}, **given)


def test_what_an_estimator_learns_may_be_left_open() -> None:
    filters, orders = (SeenFilter(again="again"),), (MMR(model="taste"),)
    again = Recipe({"again": Balanced(BuyItAgain())}, [BuyItAgainSource("again")], filters=filters)
    assert again.filters == filters
    assert Recipe({"taste": ALS()}, (), orders=orders).orders == orders


def test_stages_that_name_nothing_and_stages_of_others_pass() -> None:
    orders = (MMR(), Foreign())
    assert Recipe({}, (), filters=(SeenFilter(),), orders=orders).orders == orders


def test_the_message_tells_the_line_of_the_recipe(tmp_path: Path) -> None:
    text = (
        "from slatewright.models import Popularity\n"
        "from slatewright.pipeline import ModelSource, Recipe\n\n"
        "recipe = Recipe({'popular': Popularity()}, [ModelSource('taste')])\n"
    )
    (tmp_path / "recipe.py").write_text(text)
    with pytest.raises(BadInput, match=r"ModelSource\(model='taste'\) .* estimators: popular \(line 4\)"):
        load_recipe(tmp_path / "recipe.py")
