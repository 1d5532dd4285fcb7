"""Options of a command that are declared where their knobs are."""

import inspect
from collections.abc import Callable, Sequence
from typing import Any


def option_of(name: str, annotation: Any, default: Any = None) -> inspect.Parameter:
    """One option as Typer reads it from a signature."""
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def with_options(run: Callable[..., None], options: Sequence[inspect.Parameter]) -> Callable[..., None]:
    """The same command with more options in the place of its ``**given``: what has a value, by name."""
    signature = inspect.signature(run)
    own = [one for one in signature.parameters.values() if one.kind is not inspect.Parameter.VAR_KEYWORD]

    def command(**arguments: Any) -> None:
        given = {one.name: arguments.pop(one.name) for one in options}
        run(**arguments, **{name: value for name, value in given.items() if value not in (None, [])})

    command.__doc__ = run.__doc__
    command.__signature__ = signature.replace(parameters=[*own, *options])  # type: ignore[attr-defined]
    command.__annotations__ = {one.name: one.annotation for one in [*own, *options]}
    return command
