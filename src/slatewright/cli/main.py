"""The command ``slatewright``."""

from typing import Annotated

import typer

from slatewright import __version__
from slatewright.cli.lazy import LazyGroup
from slatewright.cli.table import COMMANDS

app = typer.Typer(
    cls=LazyGroup,
    name="slatewright",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _stub() -> None:
    """Stands in the list of commands until the real one is imported."""


for _name, _entry in COMMANDS.items():
    app.command(_name, help=_entry.help, rich_help_panel=_entry.panel)(_stub)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"slatewright {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Slatewright turns a shop's events into slates: import, train, judge, serve."""


def main() -> None:
    """Run the command line."""
    app()
