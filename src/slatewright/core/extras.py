"""Optional dependencies ask politely."""

import importlib
from types import ModuleType

from slatewright.core.errors import MissingExtra


def require(module: str, *, extra: str, why: str) -> ModuleType:
    """Import an optional module, or say which pip line installs it.

    Raises:
        MissingExtra: the module is not installed.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise MissingExtra(
            f"{why} needs {module}, which is not installed: pip install 'slatewright[{extra}]'"
        ) from error
