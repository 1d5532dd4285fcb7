"""Records are read by many: what opens a door is left out of them."""

import re

from slatewright.store.run import Json

HIDDEN = "***"
_LOGIN = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*://[^\s:/@]*):\S*@")
_QUERY = re.compile(r"([?&;](?:\w*password|\w*token|\w*secret|\w*key|pwd|sig\w*)=)[^&\s;]+", re.IGNORECASE)


def without_secrets(value: Json) -> Json:
    """The same value with every password in every URL replaced, in texts and names at any depth."""
    if isinstance(value, str):
        return _QUERY.sub(rf"\1{HIDDEN}", _LOGIN.sub(rf"\1:{HIDDEN}@", value))
    if isinstance(value, dict):
        return {without_secrets(name): without_secrets(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [without_secrets(one) for one in value]
    return value
