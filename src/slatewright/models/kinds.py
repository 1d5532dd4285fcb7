"""The one place where the name of a shape becomes a class: bundles on disk carry the name."""

from collections.abc import Iterable, Mapping

from slatewright.core.errors import BadBundle
from slatewright.models.model import Model
from slatewright.models.shapes.blend import Blend
from slatewright.models.shapes.plain import PLAIN

KINDS: Mapping[str, type[Model]] = {**PLAIN, "blend": Blend}


def kind_of(shape: str, own: Iterable[type] = ()) -> type[Model]:
    """The class of a shape's name; ``own`` are classes that stand beside those of the house, as a recipe brings them.

    Raises:
        BadBundle: no shape has that name.
    """
    brought = {one.shape: one for one in own if issubclass(one, Model) and hasattr(one, "shape")}
    kinds = {**brought, **KINDS}
    if shape not in kinds:
        raise BadBundle(
            f"a model's kind must be one of {', '.join(kinds)}, got {shape!r}; is the bundle from a newer version, or "
            "its model one of your own, whose class the recipe's estimator no longer names as what fit returns?"
        )
    return kinds[shape]
