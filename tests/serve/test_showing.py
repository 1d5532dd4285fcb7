"""What people see of an item."""

import polars as pl
import pytest

from slatewright.data.catalogue import Catalogue
from slatewright.data.dataset import dataset_of
from slatewright.serve.showing import Shown, image_of, window

FACTS = pl.DataFrame(
    {
        "item_id": ["a", "b", "c"],
        "title": ["Teapot", None, "Jug"],
        "price": [12.5, None, -1.0],
        "category": ["Kitchen|Gifts", None, "Kitchen"],
        "image": ["https://cdn.example/a.png", None, "https://evil.example/c.png"],
    }
)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    events = pl.DataFrame({"user_id": ["u"], "item_id": ["a"]})
    return Catalogue.of(dataset_of(events, item_facts=FACTS))


def test_facts_are_shown_and_what_is_missing_is_not_made_up(catalogue: Catalogue) -> None:
    look = window(catalogue)
    assert look("a") == Shown("Teapot", 12.5, ("Gifts", "Kitchen"), "https://cdn.example/a.png", "/pictures/a.svg")
    assert look("b") == Shown("b", None, (), None, "/pictures/b.svg")
    assert look("c").price is None
    assert look("unheard of") == Shown("unheard of", None, (), None, "/pictures/unheard%20of.svg")


def test_images_come_from_allowed_hosts_only(catalogue: Catalogue) -> None:
    look, hosts = window(catalogue), ("https://cdn.example/",)
    assert image_of(look("a"), hosts) == "https://cdn.example/a.png"
    assert image_of(look("a"), ()) == "/pictures/a.svg"
    assert image_of(look("c"), hosts) == "/pictures/c.svg"
    assert image_of(look("a/b ?"), hosts) == "/pictures/a%2Fb%20%3F.svg"
    evil = Shown("x", None, (), "https://cdn.example.evil/x.png", "/pictures/x.svg")
    assert image_of(evil, ("https://cdn.example",)) == "/pictures/x.svg"
