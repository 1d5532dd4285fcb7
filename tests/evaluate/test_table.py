"""The evaluation in the terminal and as Markdown."""

from rich.console import Console

from slatewright.evaluate.evaluation import Evaluation, Group, Measured
from slatewright.evaluate.markdown import markdown
from slatewright.evaluate.table import tables
from slatewright.metrics.bootstrap import Interval

ONE = {"recall": Interval(0.25, 0.2, 0.3), "coverage": Interval(0.5, 0.4, 0.6)}
LEAD = {"recall": Interval(0.1, 0.05, 0.15)}
GROUP = Group(
    "users with a new item", "They took something.", 1234, (Measured("popularity", ONE, {}), Measured("als", ONE, LEAD))
)
EVALUATION = Evaluation(20, 1_317_427_200_000_000, "interactions@3", 5000, 400, 0.95, (GROUP,))


def test_the_terminal_shows_every_number_with_its_interval() -> None:
    console = Console(width=100, record=True, force_terminal=False)
    with console.capture() as shown:
        for part in tables(EVALUATION):
            console.print(part)
    text = shown.get()
    assert "users with a new item (1,234)" in text
    assert "lists of 20" in " ".join(text.split())
    assert "Recall" in text
    assert ".250 ▲ [.200, .300]" in text
    assert "before 2011-10-01: 5,000 users, 400 items" in text
    assert "95% bootstrap interval" in text


def test_markdown_has_one_row_per_metric() -> None:
    lines = markdown(EVALUATION).splitlines()
    assert "### Users with a new item (1,234)" in lines
    assert "| | popularity | als |" in lines
    assert "| Recall@20 | .2500 [.2000, .3000] | .2500 [.2000, .3000] ▲ |" in lines
    assert "| Coverage@20 | .5000 [.4000, .6000] | .5000 [.4000, .6000] |" in lines
