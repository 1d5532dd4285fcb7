"""A story in numbered steps."""

import io

import pytest
from rich.console import Console

from slatewright.cli.story import Story


def told(width: int = 100) -> tuple[Story, Console, io.StringIO]:
    out = io.StringIO()
    console = Console(file=out, width=width)
    return Story(console, "A day"), console, out


def test_steps_are_numbered_and_say_what_came_out() -> None:
    story, _, out = told()
    with story.step("open the shop") as step:
        step.tell("the door is [open]")
    with story.step("close"):
        pass
    lines = [line.split() for line in out.getvalue().splitlines() if line.strip()]
    assert lines[0] == ["A", "day"]
    assert lines[1] == ["1", "open", "the", "shop", "the", "door", "is", "[open]", "0.0", "s"]
    assert lines[2] == ["2", "close", "0.0", "s"]


def test_a_step_that_fails_prints_nothing() -> None:
    story, _, out = told()
    with pytest.raises(ValueError, match="no"), story.step("open"):
        raise ValueError("no")
    assert "open" not in out.getvalue()


def test_an_address_is_never_broken() -> None:
    story, _, out = told(width=30)
    story.say("shop page  http://127.0.0.1:8087/a/long/path")
    assert "http://127.0.0.1:8087/a/long/path" in out.getvalue()
