"""What a model, an estimator and a data set must be, so that the one can learn on by the others."""

from collections.abc import Sequence

from slatewright.core.arrays import Frame
from slatewright.core.errors import BadInput
from slatewright.models.neural.networks import Spec


def check_same(estimator: object, wanted: Spec, given: Spec) -> None:
    """Let pass a model whose network is the estimator's.

    Raises:
        BadInput: it is another one, or of other sizes.
    """
    if wanted != given:
        name = type(estimator).__name__
        raise BadInput(
            f"{name} learns on only from a model of {name} with the same sizes, which are {wanted.sizes} "
            f"({wanted.name}), got {given.sizes} ({given.name}); name the estimator and the knobs that fitted it"
        )


def check_told(whose: str, learned: Sequence[str], facts: Frame) -> None:
    """Let pass facts of ``whose``, users or items, of which the model reads any; if it reads none, all pass.

    Raises:
        BadInput: none of the facts that the model learned is there: it would forget what it knows of all of them.
    """
    if learned and not set(learned) & set(facts.columns):
        raise BadInput(
            f"the data set must have facts of {whose} that the model reads ({', '.join(learned)}), got "
            f"{', '.join(facts.columns) or 'none'}; give it the facts of {whose} that the model was fitted with"
        )
