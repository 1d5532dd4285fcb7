import inspect

import pytest

from slatewright.core import errors

OURS = [
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, errors.SlatewrightError) and kind is not errors.SlatewrightError
]


@pytest.mark.parametrize("kind", OURS)
def test_each_error_is_also_the_builtin_a_stranger_expects(kind: type[Exception]) -> None:
    expected = (ValueError, LookupError, RuntimeError, ArithmeticError, MemoryError, OSError, ImportError)
    assert kind.__mro__[2] in (*expected, ConnectionError)


def test_the_tree_in_the_docstring_is_complete() -> None:
    assert all(f"{kind.__name__} " in (errors.__doc__ or "") for kind in OURS)
