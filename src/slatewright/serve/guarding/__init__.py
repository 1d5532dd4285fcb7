"""What every request passes on its way in and every answer on its way out. One guard, one file."""

from slatewright.serve.guarding.headers import SafeHeaders
from slatewright.serve.guarding.key_check import KeyCheck
from slatewright.serve.guarding.last_resort import LastResort
from slatewright.serve.guarding.paths import EncodedPaths
from slatewright.serve.guarding.pressure import Pressure
from slatewright.serve.guarding.sizes import BodyLimit
from slatewright.serve.guarding.timing import Timing

__all__ = ["BodyLimit", "EncodedPaths", "KeyCheck", "LastResort", "Pressure", "SafeHeaders", "Timing"]
