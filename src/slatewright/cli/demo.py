"""slatewright demo"""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from slatewright.cli.console import answers, note
from slatewright.cli.demo_steps import build, take_or_simulate
from slatewright.cli.loopback import get
from slatewright.cli.reaction import click_and_look
from slatewright.cli.story import Story
from slatewright.core.errors import BadInput, Busy
from slatewright.serve.running import in_background
from slatewright.serve.settings import Serving
from slatewright.store.shop import Shop

SHOWN = 5  # items of a slate that are printed
MARK = ".slatewright-demo"  # in a folder that a demo made, and may make anew


def run(
    data: Annotated[str | None, typer.Option(help="Your own events, as `init` takes them.")] = None,
    once: Annotated[
        bool, typer.Option("--once", help="Check over HTTP that slates react to a click, and stop.")
    ] = False,
    port: Annotated[int | None, typer.Option(help="Port to listen on.", show_default="8087, or a free one")] = None,
    folder: Annotated[Path, typer.Option(help="Where the shop is built.")] = Path("demo-shop"),
) -> None:
    """Run a whole shop on this machine: import, check, split, train, evaluate, promote, serve."""
    _make_room(folder)
    story = Story(answers, "Slatewright: from raw events to a served shop")
    shop = build(story, folder, take_or_simulate(story, folder, data))
    with _served(story, shop, port) as server:
        if once:
            _check(story, server)
        else:
            _wait(story, server, folder)


def _make_room(folder: Path) -> None:
    """An empty folder with the demo's mark.

    Raises:
        BadInput: there is something in it that no demo made.
    """
    if folder.exists() and not (folder / MARK).is_file():
        raise BadInput(f"{folder} is there already and no demo made it; choose another one with --folder")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / MARK).touch()


@contextmanager
def _served(story: Story, shop: Shop, port: int | None) -> Iterator[str]:
    """Serve at the port asked for; at the usual one, or any free one, where none is."""
    with story.step("serve") as step:
        try:
            background = in_background(shop, port=Serving().port if port is None else port)
            server = background.__enter__()
        except Busy:
            if port is not None:
                raise
            background = in_background(shop, port=0)
            server = background.__enter__()
        step.tell(f"ready {story.seconds:.0f} s after the start")
    try:
        yield server
    finally:
        background.__exit__(None, None, None)


def _check(story: Story, server: str) -> None:
    """Ask for slates over HTTP, post an event, and see the next slate react."""
    with story.step("click") as step:
        reaction = click_and_look(server, get(server, "api", "shop")["examples"])
        step.tell(f"{reaction.user_id} views {reaction.clicked}, and {reaction.milliseconds:.0f} ms later:")
    story.show(Text(f"was  {'  '.join(reaction.before[:SHOWN])}", style="dim"))
    story.show(Text(f"is   {'  '.join(reaction.after[:SHOWN])}"))
    story.say()


def _wait(story: Story, server: str, folder: Path) -> None:
    """Print the addresses and serve until Ctrl-C."""
    try:
        story.say()
        story.say(f"shop page   {server}/", "bold")
        story.say(f"API         {server}/docs")
        story.say()
        story.say("Click a product and watch the slots react. Ctrl-C stops.", "dim")
        story.say()
        threading.Event().wait()
    except KeyboardInterrupt:
        note(f"stopped; slatewright serve --shop {folder} takes the shop up again")
