"""The command line as a whole: help, version, completion, and what it does not import."""

import re
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from slatewright import __version__
from slatewright.cli.main import app
from slatewright.cli.table import COMMANDS

HEAVY = ("numba", "numpy", "polars", "scipy", "sklearn", "matplotlib", "deltalake", "fastapi", "uvicorn", "pyarrow")


def loaded_after(code: str) -> set[str]:
    """Which modules a fresh Python has loaded after some code; what only waits to be loaded lazily is not."""
    loaded = "[name for name, module in sys.modules.items() if type(module).__name__ != '_LazyModule']"
    show = f"import sys; print('|'.join({loaded}), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{show}"], capture_output=True, text=True, check=True, timeout=60
    )
    return set(done.stderr.strip().splitlines()[-1].split("|"))


def test_the_package_imports_nothing_heavy() -> None:
    assert not loaded_after("import slatewright") & {*HEAVY, "typer", "rich"}


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["trian"], []])
def test_help_loads_no_heavy_library(arguments: list[str]) -> None:
    code = (
        "import sys; from slatewright.cli.main import main\n"
        f"sys.argv[1:] = {arguments!r}\n"
        "try:\n    main()\nexcept SystemExit:\n    pass"
    )
    loaded = loaded_after(code)
    assert "typer" in loaded
    assert not loaded & set(HEAVY)


def test_a_training_loads_the_families_that_its_recipe_names() -> None:
    loaded = loaded_after("import slatewright.cli.train\nfrom slatewright.models import ALS")
    assert {"slatewright.models.factorisation.als", "slatewright.pipeline.pipeline", "numba"} <= loaded
    assert not loaded & {"sklearn", "scipy.optimize", "scipy.stats", "matplotlib", "fastapi"}
    assert not loaded & {"slatewright.models.segments.clustering", "slatewright.models.rules.mining"}


def test_help_lists_every_command_with_one_line() -> None:
    text = " ".join(CliRunner().invoke(app, ["--help"]).output.replace("│", " ").split())
    for name, entry in COMMANDS.items():
        assert f"{name} {entry.help}" in text


def test_version() -> None:
    result = CliRunner().invoke(app, ["--version"])
    assert (result.exit_code, result.output) == (0, f"slatewright {__version__}\n")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself_and_every_option(name: str) -> None:
    result = CliRunner().invoke(app, [name, "--help"], env={"COLUMNS": "200", "TERM": "dumb"})
    assert result.exit_code == 0, result.output
    lines = [line for line in result.output.splitlines() if re.match(r"[ │]*(\*? *)--[a-z]", line)]
    assert f"Usage: slatewright {name}" in result.output
    assert lines
    for line in lines:
        assert re.search(r"[A-Z][a-z ].*", line), f"{name}: no help in {line!r}"


def test_a_wrong_name_is_answered_with_the_right_one() -> None:
    result = CliRunner().invoke(app, ["evalute"])
    assert result.exit_code == 2
    assert "Did you mean 'evaluate'?" in result.output


def test_shells_complete_commands_and_options() -> None:
    complete = {"_SLATEWRIGHT_COMPLETE": "complete_bash", "COMP_WORDS": "slatewright pro", "COMP_CWORD": "1"}
    result = CliRunner().invoke(app, [], env=complete, prog_name="slatewright")
    assert result.output.split() == ["promote"]
    complete |= {"COMP_WORDS": "slatewright simulate --us", "COMP_CWORD": "2"}
    result = CliRunner().invoke(app, [], env=complete, prog_name="slatewright")
    assert result.output.split() == ["--users"]
