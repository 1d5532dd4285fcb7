"""What a person does as administrator on the command line goes into the shop's ledger."""

import getpass

from slatewright.core.clock import wall_clock
from slatewright.store.shop import Shop


def enter(shop: Shop, what: str, **about: str | int) -> None:
    """Note a deed of whoever runs this command.

    Raises:
        NotWritten: the disk refused.
    """
    shop.ledger.note(wall_clock(), _who(), what, **about)


def _who() -> str:
    try:
        return f"user {getpass.getuser()}"
    except (OSError, KeyError):  # a container may run under a number that has no name
        return "user without a name"
