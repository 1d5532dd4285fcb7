"""Pictures: the same every time, the shape and the colour that the title calls for, always well-formed."""

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slatewright.serve.pictures import drawing
from slatewright.serve.pictures.drawing import draw
from slatewright.serve.pictures.palette import WORDS
from slatewright.simulate.words import DEPARTMENTS


def shape_of(title: str) -> str:
    """The name of the shape that was drawn."""
    found = drawing._shape_for(title)
    return next(name for name, body in drawing._shapes().items() if body == found)


@pytest.mark.parametrize(
    ("title", "shape"),
    [
        ("Larch cobalt teapot, small", "teapot"),
        ("Larch cobalt moka pot, gift", "moka"),
        ("Larch linen milk jug, gift", "jug"),
        ("A gift", "parcel"),
        ("WATERING CANS", "watering"),
        ("RED WOOLLY HOTTIE WHITE HEART.", "heart"),
        ("Marlow oak chef's knife, gift", "knife"),
        ("Solberg steel pencil case, travel", "pen"),
    ],
)
def test_the_title_calls_for_a_shape(title: str, shape: str) -> None:
    assert shape_of(title) == shape


def test_everything_the_simulated_shop_sells_has_a_shape_of_its_own() -> None:
    known = {word for word, _ in drawing._vocabulary()}
    goods = [good.replace("'", "").replace("-", " ") for department in DEPARTMENTS for good in department.goods]
    assert [good for good in goods if not any(f" {word} " in f" {good} " for word in known)] == []


def test_what_nothing_is_known_about_gets_a_tag_with_its_initials() -> None:
    assert drawing._shape_for("QZX 25-B") is None
    assert ">Q2</text>" in draw("x", "QZX 25-B", "")
    assert "</text>" in draw("x", "!?", "")


@pytest.mark.parametrize("colour", ["cobalt", "brass", "forest", "red"])
def test_the_title_calls_for_a_colour(colour: str) -> None:
    assert WORDS[colour] in draw("x", f"Larch {colour} teapot", "Kitchen")


def test_equal_words_give_an_equal_picture_and_items_differ() -> None:
    assert draw("a", "teapot", "Kitchen") == draw("a", "teapot", "Kitchen")
    assert draw("a", "thing", "Kitchen") != draw("b", "thing", "Kitchen")


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=10))
def test_any_words_give_a_well_formed_picture_without_scripts(item_id: str, title: str, category: str) -> None:
    root = ElementTree.fromstring(draw(item_id, title, category))  # noqa: S314
    assert root.get("viewBox") == "0 0 400 400"
    assert "script" not in {element.tag.rpartition("}")[2] for element in root.iter()}
