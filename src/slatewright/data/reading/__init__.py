"""Reading: files, globs and database queries as streams of batches."""

from slatewright.data.reading.databases import open_database
from slatewright.data.reading.files import open_file
from slatewright.data.reading.opened import Opened
from slatewright.data.reading.source import Source, expand

__all__ = ["Opened", "Source", "expand", "open_source"]


def open_source(source: Source) -> Opened:
    """Open a source of any kind.

    Raises:
        BadInput: one sentence that names the source and the fix.
    """
    return open_database(source) if source.is_database else open_file(source)
