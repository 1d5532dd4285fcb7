"""The exception tree. Every error says who, what it must be, and what it got.

SlatewrightError
├── BadKnob         (ValueError)    a knob out of its range: "ALS.reg must be > 0, got -1"
├── BadInput        (ValueError)    a file, a row, a request that cannot be used as it is
├── BadBundle       (ValueError)    a truncated, foreign or altered bundle
├── Leak            (ValueError)    an evaluation whose test part was known to training, or that says nothing
├── NotThere        (LookupError)   a shop, bundle, user or item that does not exist
├── Busy            (RuntimeError)  somebody else holds the lock
├── Diverged        (ArithmeticError) learning ran away from the data; the message names the knob to turn
├── NoRoom          (MemoryError)   something would need more memory than there is; the message names what fits
├── NotWritten      (OSError)       the disk refused (full, read-only); nothing was changed
├── Unreachable     (ConnectionError) somebody else's server does not answer, or refuses
└── MissingExtra    (ImportError)   an optional dependency, with the exact pip line
"""


class SlatewrightError(Exception):
    """Base of every error that Slatewright raises on purpose."""


class BadKnob(SlatewrightError, ValueError):
    """A knob has a value outside its range."""


class BadInput(SlatewrightError, ValueError):
    """Data from outside cannot be used as it is; the message names the place and the fix."""


class Leak(SlatewrightError, ValueError):
    """What is judged could have been known before, or the numbers would mean nothing; the message says what to do."""


class BadBundle(SlatewrightError, ValueError):
    """A bundle on disk is truncated, foreign, altered, or answers its golden requests differently."""


class NotThere(SlatewrightError, LookupError):
    """Something asked for by name does not exist."""


class Busy(SlatewrightError, RuntimeError):
    """Another process holds what this one needs."""


class Diverged(SlatewrightError, ArithmeticError):
    """Learning ran away from the data instead of towards it."""


class NoRoom(SlatewrightError, MemoryError):
    """Something would need more memory than there is; nothing was started."""


class NotWritten(SlatewrightError, OSError):
    """The disk refused a write; what was there before is as it was."""


class Unreachable(SlatewrightError, ConnectionError):
    """A server that is not ours does not answer, or refuses."""


class MissingExtra(SlatewrightError, ImportError):
    """An optional dependency is not installed."""
