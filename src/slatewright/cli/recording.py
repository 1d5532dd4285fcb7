"""What a command knows of the run that it starts."""

import os

from slatewright.cli.console import note
from slatewright.core.clock import wall_clock
from slatewright.lifecycle.code_version import code_version
from slatewright.lifecycle.recording import Recorder
from slatewright.lifecycle.tracking import tracker_of
from slatewright.store.shop import Shop


def recorder_of(shop: Shop) -> Recorder:
    """Start the clock of a run; the code is looked at now, before it can change under the run."""
    code_version()
    return Recorder(wall_clock(), wall_clock, note, tracker_of(shop, os.environ))
