"""The house rules that a program can check."""

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from slatewright import models
from slatewright.models import Estimator

from .pages import ROOT

HOUSE = ROOT / "src" / "slatewright"
SOURCES = sorted(HOUSE.rglob("*.py"))
MOST_LINES, MOST_IN_FUNCTION, MOST_ARGUMENTS = 300, 40, 7
ESTIMATORS = [
    thing for name in models.__all__ if hasattr(thing := getattr(models, name), "fit") and thing is not Estimator
]
SOURCE = re.compile(r"[A-Z]\w+\b[^.]*?\b(19|20)\d\d\b|https?://", re.DOTALL)  # a name, then a year; or an address
EDGES = {"cli", "serve"}  # the rooms that may ask what time it is


def name_of(path: Path) -> str:
    return str(path.relative_to(HOUSE))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function without its docstring."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is None:
        return lines
    return lines - ((first.end_lineno or first.lineno) - first.lineno + 1)


def is_kernel(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Machine code takes its arrays one by one."""
    return any(ast.unparse(decorator).startswith("kernel") for decorator in function.decorator_list)


def calls(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_files_and_functions_are_short_and_take_few_arguments(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES
    is_command = path.parent.name == "cli"  # there, an argument of ``run`` is an option of the command
    for function in functions(path):
        length = length_of(function)
        given = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
        arguments = [one for one in given if one.arg not in {"self", "cls"}]
        assert length <= MOST_IN_FUNCTION, f"{function.name} has {length} lines"
        assert len(arguments) <= MOST_ARGUMENTS or is_command or is_kernel(function), (
            f"{function.name} takes {len(arguments)} arguments"
        )


def test_there_is_no_drawer_for_everything() -> None:
    assert not [path for path in SOURCES if path.stem in {"util", "utils", "helpers", "misc", "common"}]


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_nothing_is_pickled_or_evaluated_and_only_the_edges_know_the_time(path: Path) -> None:
    called = set(calls(path))
    assert not called & {"eval", "pickle.load", "pickle.loads", "pickle.dump", "pickle.dumps", "os.system"}
    assert not called & {"datetime.now", "datetime.utcnow", "datetime.today", "date.today"}
    if path.relative_to(HOUSE).parts[0] not in {*EDGES, "core"}:
        assert not called & {"wall_clock", "time.time", "time.time_ns"}


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=lambda one: one.__name__)
def test_an_estimator_names_the_source_of_its_method_and_says_what_fit_learns(estimator: type[Estimator]) -> None:
    assert SOURCE.search(inspect.cleandoc(estimator.__doc__ or "")), "who found it, and when: (Steck, WWW 2019)"
    assert re.match(r"[A-Z].*[.;]", inspect.cleandoc(estimator.fit.__doc__ or ""))


def test_tests_mirror_the_source_path_for_path() -> None:
    own = {"docs", "conftest.py"}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        inner = path.relative_to(ROOT / "tests")
        if inner.parts[0] in own:
            continue
        stem = inner.stem.removeprefix("test_")
        beside = HOUSE / inner.parent
        assert beside.is_dir(), f"{inner} tests no room: {beside} is not there"
        assert stem  # a test may also be about a whole room, so the name of the file is free inside its folder
