"""One rule as people wrote it: all that is wrong with it at once, as far as each part can be looked at by itself."""

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from slatewright.core.errors import BadInput
from slatewright.core.knobs import from_mapping, knobs_of, misfits
from slatewright.pipeline.policy.binding import meant
from slatewright.pipeline.policy.parsing import parse
from slatewright.pipeline.policy.rules import BadRule, Boost, Bury, Exclude, Include, Pin, Place, Rule
from slatewright.pipeline.world import World

WORDS: Mapping[str, type[Rule]] = {
    "include": Include, "exclude": Exclude, "boost": Boost, "bury": Bury, "pin": Pin,
}  # fmt: skip


@dataclass(frozen=True)
class Draft:
    """A table of the file: what it says by key, and where it stands."""

    told: Mapping[str, object]
    place: Place

    def rule(self) -> Rule:
        """The rule, of a draft without faults."""
        (word,) = _words(self.told)
        given = {("where" if key == word else key): value for key, value in self.told.items()}
        return from_mapping(WORDS[word], given, where=self.place.of("")).placed(self.place)

    def faults(self, world: World | None) -> list[BadRule]:
        """What is wrong, each fault by itself; with a world also what that does not know."""
        words = _words(self.told)
        keys, spelling = _spelt(self.told, words)
        given, wrong = {name: self.told[key] for name, key in keys.items()}, dict[str, str]()
        for word in words or [""]:
            for name, problem in _problems(word, given, world):
                wrong.setdefault(keys[name], f"{self._named()}{problem}")
        found = [(key, said[key]) for key in self.told for said in (spelling, wrong) if key in said]
        if len(words) != 1:
            found = [("", f"a rule says one of {', '.join(WORDS)}, got {', '.join(words) or 'none of them'}"), *found]
        return [BadRule(f"{self.place.of(key)}: {problem}", key) for key, problem in found]

    def _named(self) -> str:
        name = self.told.get("name")
        return f"rule {name!r}, " if isinstance(name, str) and name else ""


def closest(name: str, known: Iterable[str]) -> str | None:
    """The known name that somebody may have meant."""
    return next(iter(difflib.get_close_matches(name.lower(), [*known], n=1)), None)


def _words(told: Mapping[str, object]) -> list[str]:
    """What the rule does: the words that stand there, or else those that were meant."""
    names = _settings(())
    there = [word for word in WORDS if word in told]
    return there or [word for word in WORDS if word in {closest(key, names) for key in told if key not in names}]


def _settings(words: Sequence[str]) -> tuple[str, ...]:
    """The keys that a rule of such words may have; of any rule where there are none."""
    words = words or tuple(WORDS)
    kinds: list[type] = [WORDS[word] for word in words]
    fields = dict.fromkeys(field.name for kind in kinds for field in knobs_of(kind))
    return (*words, *(name for name in fields if name != "where"))


def _spelt(told: Mapping[str, object], words: Sequence[str]) -> tuple[dict[str, str], dict[str, str]]:
    """By setting the key that means it, and by key what is wrong with its spelling."""
    known = _settings(words)
    keys, wrong = {key: key for key in told if key in known}, dict[str, str]()
    for key in told:
        if key not in known:
            meaning = closest(key, (name for name in known if name not in told))
            hint = f"did you mean {meaning}?" if meaning else f"it has {', '.join(known)}"
            wrong[key] = f"there is no setting {key!r}; {hint}"
            if meaning:
                keys.setdefault(meaning, key)
    return keys, wrong


def _problems(word: str, given: Mapping[str, object], world: World | None) -> Iterator[tuple[str, str]]:
    """What is wrong with the values of a rule of one kind; without a word with those that every kind has."""
    kind, label = WORDS.get(word, Include), f"{WORDS[word].__name__}." if word else ""
    values = {("where" if name == word else name): value for name, value in given.items()}
    unfit = misfits(kind, values)
    for field, value in values.items():
        name = word if field == "where" else field
        if field in unfit:
            yield name, f"{label}{field} {unfit[field]}"
        elif field == "where" or (field == "when" and value):
            problem = _unsaid(field, str(value), world)
            if problem is not None:
                yield name, f"{label}{field}: {problem}"


def _unsaid(field: str, text: str, world: World | None) -> str | None:
    """Why an expression says nothing."""
    try:
        if world is None:
            parse(text)
        else:
            meant(field, text, world.item_facts, world.user_facts)
    except BadInput as error:
        return str(error)
    return None
