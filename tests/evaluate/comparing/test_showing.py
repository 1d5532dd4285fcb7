"""A comparison as sentences, as a table, as Markdown and as a page."""

import io
from dataclasses import replace

from rich.console import Console

from slatewright.data.dataset import dataset_of
from slatewright.data.splits import LastN
from slatewright.evaluate.comparing import Comparison, compare
from slatewright.evaluate.comparing.markdown import markdown
from slatewright.evaluate.comparing.page import render_html
from slatewright.evaluate.comparing.saying import chance, legend, sentences
from slatewright.evaluate.comparing.table import tables
from slatewright.models import ItemKNN
from slatewright.simulate import Simulation, simulate

from .test_comparing import FOLD, FOUND, RECOMMENDERS


def said(found: Comparison) -> str:
    return " ".join(sentences(found))


def test_level_ones_are_named() -> None:
    best, other = FOUND.names[:2]
    assert f"{best} stands first, but cannot be told apart from {other} on" in said(FOUND)


def test_who_does_not_beat_popularity_is_named() -> None:
    assert "bad does not beat popularity for sure: do not ship it" in said(FOUND)


def test_a_clear_winner_is_called_one() -> None:
    found = compare({name: RECOMMENDERS[name] for name in ("good", "bad")}, FOLD, k=6)
    assert said(found).startswith("good is the best for sure: its lead over each of the others is real.")


def test_of_one_alone_it_is_said_whether_it_beats_popularity() -> None:
    found = compare({"good": RECOMMENDERS["good"]}, FOLD, k=6)
    assert said(found) == "good beats popularity for sure."


def test_all_that_beat_popularity_are_praised_together() -> None:
    found = compare({name: RECOMMENDERS[name] for name in ("good", "as good")}, FOLD, k=6)
    assert said(found).endswith("All of them beat popularity for sure.")


def test_chances_read_well() -> None:
    assert (chance(0.0004), chance(0.012), chance(1.0)) == ("< .001", ".012", "1.000")


def test_the_legend_names_test_and_correction() -> None:
    assert "randomisation test, Holm's correction" in legend(FOUND)
    assert "no correction" in legend(replace(FOUND, correction="none"))
    assert "at most 5% are wrong" in legend(replace(FOUND, correction="benjamini-hochberg"))


def test_a_protocol_that_leaks_in_time_says_so_wherever_it_is_shown() -> None:
    leaky = next(LastN(1, validation_share=0).split(dataset_of(simulate(Simulation(users=60, items=40)).events)))
    found = compare({"knn": ItemKNN().fit(leaky.train)}, leaky, k=6)
    console = Console(width=200, record=True, file=io.StringIO())
    for part in tables(found):
        console.print(part)
    for text in (console.export_text(), markdown(found), render_html(found, shop="a shop")):
        assert "Trained on all but the test part, whenever that was (last-n)" in text
        assert "warning: time: last-n leaks in time by construction" in text
        assert "what was known before" not in text


def test_the_table_fits_eighty_columns() -> None:
    console = Console(width=80, record=True, file=io.StringIO())
    for part in tables(FOUND):
        console.print(part)
    lines = console.export_text().splitlines()
    assert max(map(len, lines)) <= 80
    (row,) = [line for line in lines if line.strip().startswith("bad")]
    assert "[" in row
    assert "…" not in console.export_text()


def test_markdown_has_the_table_and_every_pair() -> None:
    text = markdown(FOUND)
    assert "*popularity*, to be beaten" in text
    assert text.count("| NDCG@6 |") == 1 + 6
    assert "## Every pair" in text


def test_the_page_needs_nothing_else() -> None:
    page = render_html(FOUND, shop="a & b")
    assert "<h1>Recipes of a &amp; b compared</h1>" in page
    assert page.count("<svg") == 2
    assert "http:" not in page.replace("http://www.w3.org", "")
    assert "https:" not in page
    assert render_html(FOUND, shop="a & b") == page
