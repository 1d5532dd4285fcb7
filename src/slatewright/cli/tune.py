"""slatewright tune"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.live import Live

from slatewright.cli.console import answers, note, notes, print_json, say
from slatewright.cli.options import HERE, AsJson, ShopFolder
from slatewright.cli.recording import recorder_of
from slatewright.cli.search_options import search_of, with_search_options
from slatewright.core.errors import BadInput
from slatewright.evaluate.tuning import Look, Trial, Tuned
from slatewright.evaluate.tuning.deriving import Given
from slatewright.evaluate.tuning.objectives import objectives_of
from slatewright.evaluate.tuning.report import as_dict, best_trials, progress_table, sentences, verdict
from slatewright.evaluate.tuning.running import Watch
from slatewright.evaluate.tuning.tuning import unwatched
from slatewright.lifecycle.folds import split_of_shop
from slatewright.lifecycle.tuning import RECORD, Wish, tune_shop
from slatewright.store.shop import Shop

WORDS = {"none": None, "true": True, "false": False}


@with_search_options
def run(
    name: Annotated[
        str | None, typer.Argument(help="Name of the estimator in the recipe.", show_default="the only one")
    ] = None,
    shop: ShopFolder = HERE,
    model: Annotated[str | None, typer.Option(help="The same name, as an option.", show_default="none")] = None,
    objective: Annotated[
        list[str] | None,
        typer.Option(help="Metric to improve; repeat for several (`gini:lower`).", show_default="ndcg"),
    ] = None,
    knob: Annotated[
        list[str] | None,
        typer.Option(
            help="Search this knob only: `reg`, `reg=0.001..1` or `embedding_dim=32,64`; repeat.",
            show_default="every knob with a range of its own",
        ),
    ] = None,
    at: Annotated[
        str | None,
        typer.Option(help="First instant of the test part, ISO-8601.", show_default="as in the settings, or by share"),
    ] = None,
    allow: Annotated[
        list[str] | None, typer.Option(help="A check of the audit that may fail; repeat.", show_default="none")
    ] = None,
    test: Annotated[bool, typer.Option("--test/--no-test", help="Judge by the test part at the end, once.")] = True,
    as_json: AsJson = False,
    **given: object,
) -> None:
    """Search for better knobs of an estimator on validation data, then judge once by the test part."""
    if name and model and name != model:
        raise BadInput(f"tune searches the knobs of one estimator, got {name} and --model {model}")
    place = Shop.open(shop)
    recorder = recorder_of(place)
    split = split_of_shop(place, **{name: one for name, one in {"at": at, "allow": allow}.items() if one})
    wish = Wish(name or model, tuple(objective or Wish.objective), space_said(knob), search_of(given), test)
    with _watching(wish) as watch:
        tuned, look = tune_shop(place, split, wish, watch=watch, recorder=recorder)
    _show(tuned, look, place, as_json)


def space_said(knobs: list[str] | None) -> Given | None:
    """``reg=0.001..1``, ``embedding_dim=32,64`` and ``reg`` as a space.

    Raises:
        BadInput: two ends that are no numbers, or the same knob twice.
    """
    if not knobs:
        return None
    found: dict[str, Any] = {}
    for said in knobs:
        name, _, values = said.partition("=")
        if name in found:
            raise BadInput(f"--knob {name} is given twice: name all its values in one")
        found[name] = _range_said(said, values) if values else None
    return found


def _range_said(said: str, values: str) -> Any:
    low, dots, high = values.partition("..")
    if not dots:
        return [_value(one) for one in values.split(",")]
    ends = _value(low), _value(high)
    if not all(isinstance(one, int | float) for one in ends):
        raise BadInput(f"--knob {said}: a range needs two numbers, like reg=0.001..1")
    return ends


def _value(text: str) -> Any:
    """A number where it reads as one, none, true or false, else the text itself."""
    plain = text.strip()
    if plain.lower() in WORDS:
        return WORDS[plain.lower()]
    for kind in (int, float):
        try:
            return kind(plain)
        except ValueError:
            continue
    return plain


@contextmanager
def _watching(wish: Wish) -> Iterator[Watch]:
    """A live table on the terminal; nothing where stderr is a file. Whatever ends the search, it says how to go on."""
    objectives, trials = objectives_of(wish.objective), dict[int, Trial]()
    live = Live(console=notes, transient=True, auto_refresh=False)

    def watch(trial: Trial) -> None:
        trials[trial.number] = trial
        live.update(progress_table(trials, objectives, wish.search.trials), refresh=True)

    try:
        if not notes.is_terminal:
            yield unwatched
            return
        with live:
            yield watch
    except KeyboardInterrupt:
        note(f"what was found is kept in {RECORD}; the same command goes on from there")
        raise


def _show(tuned: Tuned, look: Look | None, place: Shop, as_json: bool) -> None:
    if as_json:
        print_json(as_dict(tuned, look))
        return
    answers.print(best_trials(tuned))
    for sentence in sentences(tuned, look):
        say(f"- {sentence}")
    if not tuned.best.usual and (look is None or verdict(tuned, look) != "worse"):
        say(f"into recipe.py: {tuned.line}")
    note(f"the same as a page and JSON: {place.reports / 'tuning.html'}, .json")
