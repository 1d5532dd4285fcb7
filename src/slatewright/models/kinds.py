"""The one place where the name of a shape becomes a class: bundles on disk carry the name."""

from collections.abc import Mapping

from slatewright.core.errors import BadBundle
from slatewright.models.model import Model
from slatewright.models.shapes.blend import Blend
from slatewright.models.shapes.plain import PLAIN

KINDS: Mapping[str, type[Model]] = {**PLAIN, "blend": Blend}


def kind_of(shape: str) -> type[Model]:
    """The class of a shape's name.

    Raises:
        BadBundle: no shape has that name.
    """
    if shape not in KINDS:
        raise BadBundle(
            f"a model's kind must be one of {', '.join(KINDS)}, got {shape!r}; is the bundle from a newer version?"
        )
    return KINDS[shape]
