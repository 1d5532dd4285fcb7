from pathlib import Path

import pytest

from slatewright.core.errors import BadKnob
from slatewright.pipeline import EditorialSource, Pipeline, Request
from slatewright.testing.stages import StageKit
from slatewright.testing.town import AS_OF, town_pipeline, town_recipe


class TestEditorialSource(StageKit):
    stage = EditorialSource(("i003", "i001", "i024"))


def proposed(source: EditorialSource, pipeline: Pipeline | None = None, surface: str = "") -> list[int]:
    pipeline = pipeline or town_pipeline()
    proposal = source.bind(pipeline.world).propose(pipeline.query(Request(3, AS_OF, surface=surface)))
    return [int(item) for item in proposal.items]


def test_items_stand_in_the_order_in_which_they_were_picked() -> None:
    assert proposed(EditorialSource(("i009", "unknown", "i002", "i009", "i005"))) == [9, 2, 5]
    assert proposed(EditorialSource(("i009", "i002", "i005"), limit=2)) == [9, 2]


def test_a_list_may_belong_to_one_surface() -> None:
    source = EditorialSource(("i009",), surface="home")
    assert proposed(source, surface="home") == [9]
    assert proposed(source, surface="cart") == []


def test_a_list_of_the_file_is_followed(tmp_path: Path) -> None:
    pipeline = Pipeline(town_recipe(), town_pipeline().world)
    source = EditorialSource(named="summer")
    assert proposed(source, pipeline) == []
    pipeline.world.lists.follow(tmp_path / "lists.toml")
    (tmp_path / "lists.toml").write_text('summer = ["i004", "i001"]\n')
    assert proposed(source, pipeline) == [4, 1]
    (tmp_path / "lists.toml").unlink()
    assert proposed(source, pipeline) == []


@pytest.mark.parametrize("source", [{}, {"items": ("i001",), "named": "summer"}])
def test_it_is_given_items_or_the_name_of_a_list(source: dict[str, object]) -> None:
    with pytest.raises(BadKnob, match="either items or the name of a list, got both or neither"):
        EditorialSource(**source)  # type: ignore[arg-type]
