"""A group of commands that imports a command when it runs, and puts every expected error into one line."""

import errno
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

from slatewright.cli.console import complain, note
from slatewright.cli.table import COMMANDS
from slatewright.core.errors import SlatewrightError
from slatewright.core.interrupts import interrupted, no_interrupt_lost

EXIT_ERROR = 2
EXIT_STOPPED = 130  # 128 + SIGINT, what shells expect after Ctrl-C

# What the machine refuses, and no program could have known: said in one line, like an error of ours.
REFUSED = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM, errno.EROFS, errno.EADDRINUSE, errno.EADDRNOTAVAIL}
)


class LazyGroup(TyperGroup):
    """Knows names and help from the table, and the options of a command only once it is asked for."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Replace the stub of the wanted command with the real one, then do as usual."""
        if args and args[0] in COMMANDS:
            args = [args[0], *_spread(args[1:], COMMANDS[args[0]].spread)]
            self.commands[args[0]] = _command(args[0])
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Run a command; an expected error is one line and exit code 2, Ctrl-C is exit code 130."""
        try:
            with no_interrupt_lost():
                return super().invoke(ctx)
        except SlatewrightError as error:
            complain(str(error))
            raise typer.Exit(EXIT_ERROR) from None
        except OSError as error:
            if error.errno not in REFUSED:
                raise
            complain(f"{error.strerror or error}" + (f": {error.filename}" if error.filename else ""))
            raise typer.Exit(EXIT_ERROR) from None
        except (KeyboardInterrupt, SystemError) as error:
            if not interrupted(error):
                raise
            note("stopped")
            raise typer.Exit(EXIT_STOPPED) from None


def _spread(args: list[str], names: tuple[str, ...]) -> list[str]:
    """``--events a b`` as ``--events a --events b``: a shell writes a glob out without repeating the option."""
    out: list[str] = []
    current = ""
    for arg in args:
        if arg.startswith("-"):
            current = arg if arg in names else ""
        elif current and out[-1] != current:
            out.append(current)
        out.append(arg)
    return out


def _command(name: str) -> Any:
    entry = COMMANDS[name]
    module = import_module(f"slatewright.cli.{entry.module}")
    single = typer.Typer(add_completion=False)
    single.command(name, help=module.run.__doc__, no_args_is_help=False)(module.run)
    return typer.main.get_command(single)
