"""The shop's rules as the server follows them: a file that cannot be used leaves the last good rules in place."""

import logging
from pathlib import Path

from slatewright.core.disk import replace_bytes
from slatewright.core.errors import BadInput
from slatewright.pipeline.pipeline import Pipeline
from slatewright.pipeline.policy.policy_file import POLICY, rules_of, text_of
from slatewright.store.shop import Shop

log = logging.getLogger("slatewright.serve")

LAST_GOOD = ".policy.last-good.toml"


class Policy:
    """Follows ``policy.toml`` in the shop's folder. ``refused`` says why it does not hold, where that is so.

    The last file that could be used is kept beside it, so that a restart forgets no rule.
    """

    def __init__(self, shop: Shop) -> None:
        self._path, self._last = shop.root / POLICY, shop.root / LAST_GOOD
        self._seen: tuple[int, int] | None = None
        self.refused: str | None = None

    def changed(self) -> bool:
        """Whether the file is another one than that which was last applied."""
        return self._glance() != self._seen

    def over(self, pipeline: Pipeline) -> Pipeline:
        """The pipeline under the rules of the file, or under the last good ones where the file cannot be used.

        Raises:
            BadInput: neither can be used; nothing may be shown by rules that nobody knows.
        """
        self._seen = self._glance()
        try:
            made = _ruled(pipeline, self._path)
        except BadInput as error:
            self.refused = f"{POLICY} is refused: {error}"
            log.error("%s\nthe last good rules go on", self.refused)
            if not self._last.is_file():
                raise
            return _ruled(pipeline, self._last)
        if self.refused is not None:
            log.info("%s is followed again", POLICY)
        self.refused = None
        self._remember(made.policy)
        return made

    def _remember(self, text: str) -> None:
        content = text.encode()
        try:
            if not self._last.is_file() or self._last.read_bytes() != content:
                replace_bytes(self._last, content)
        except OSError as error:  # the rules hold; only a restart with a broken file would not know them
            log.warning("the last good rules could not be kept: %s", error)

    def _glance(self) -> tuple[int, int] | None:
        try:
            about = self._path.stat()
        except OSError:
            return None
        return about.st_mtime_ns, about.st_ino


def _ruled(pipeline: Pipeline, path: Path) -> Pipeline:
    text = text_of(path)
    return pipeline.ruled(rules_of(text, path.name, pipeline.world), text)
