"""Keys: who may ask what, and how often."""

from slatewright.serve.keys.key import Key, Scope, made, sum_of
from slatewright.serve.keys.keyring import Keyring
from slatewright.serve.keys.scopes import needed

__all__ = ["Key", "Keyring", "Scope", "made", "needed", "sum_of"]
