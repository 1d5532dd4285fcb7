"""Publishing: what a command found, as files in the shop's folder of reports."""

from collections.abc import Mapping

from slatewright.store.files import replace_bytes
from slatewright.store.shop import Shop


def publish(shop: Shop, files: Mapping[str, bytes]) -> None:
    """Put files in the place of those of the same names, each in one step; the folder is made where there is none.

    Raises:
        NotWritten: the disk refused.
    """
    shop.reports.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        replace_bytes(shop.reports / name, content)
