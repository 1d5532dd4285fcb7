"""Which split: by the name of a protocol and its knobs, as settings and commands give them."""

from collections.abc import Mapping
from dataclasses import asdict
from types import MappingProxyType
from typing import Any, TypeAlias

from slatewright.core.errors import BadKnob
from slatewright.core.knobs import from_mapping, knobs_of
from slatewright.data.splits.allowing import Allowing
from slatewright.data.splits.by_time import GLOBAL_TIME, ROLLING, GlobalTime, RollingWindows
from slatewright.data.splits.by_user import BY_USER, ByUser
from slatewright.data.splits.k_fold import K_FOLD, KFold
from slatewright.data.splits.last_n import LAST_N, LastN
from slatewright.data.splits.sampling import SampledNegatives
from slatewright.data.splits.warm_items import WARM_ITEMS, WarmItems

Plain: TypeAlias = GlobalTime | RollingWindows | LastN | ByUser | WarmItems | KFold
Chosen: TypeAlias = Plain | SampledNegatives | Allowing

PROTOCOLS: Mapping[str, type[Plain]] = MappingProxyType(
    {
        GLOBAL_TIME.name: GlobalTime,
        ROLLING.name: RollingWindows,
        LAST_N.name: LastN,
        BY_USER.name: ByUser,
        WARM_ITEMS.name: WarmItems,
        K_FOLD.name: KFold,
    }
)
PROTOCOL = "protocol"
SAMPLING = tuple(knob.name for knob in knobs_of(SampledNegatives))  # negatives, drawn, rng
ALLOW = "allow"


def chosen_split(settings: Mapping[str, object], given: Mapping[str, object], *, where: str) -> Chosen:
    """The split that the section ``[split]`` of the settings names, with what was ``given`` beside it.

    Where another protocol is given than the settings have, only those of their knobs count that it has too. A line of
    the settings that only other protocols have may stand there as it was written at first, and says nothing.

    Raises:
        BadKnob: there is no such protocol, it has no such knob, or a knob is out of its range.
    """
    usual = _named(settings.get(PROTOCOL, GLOBAL_TIME.name), where)
    name = _named(given.get(PROTOCOL, usual), "--protocol")
    own = {key: value for key, value in settings.items() if key != PROTOCOL}
    _check({key: value for key, value in own.items() if not _untouched(key, value, usual)}, usual, where)
    told = {key: value for key, value in given.items() if key != PROTOCOL}
    _check(told, name, f"protocol {name}")
    carried = {key: value for key, value in own.items() if key in _knobs(name)}
    return _made(name, {**carried, **told}, where)


def card_of(split: Chosen) -> dict[str, Any]:
    """The name of its protocol and all its knobs, plain data; ``split_of_card`` makes the split again."""
    # Both take any split of a caller's own; one that was chosen by name is made of another that was.
    if isinstance(split, Allowing):
        return {**card_of(split.base), ALLOW: list(split.allow)}  # type: ignore[arg-type]
    if isinstance(split, SampledNegatives):
        sampling = {name: getattr(split, name) for name in SAMPLING}
        return {**card_of(split.base), **sampling}  # type: ignore[arg-type]
    name = next(name for name, kind in PROTOCOLS.items() if kind is type(split))
    return {PROTOCOL: name, **{key: list(v) if isinstance(v, tuple) else v for key, v in asdict(split).items()}}


def split_of_card(card: Mapping[str, object], *, where: str) -> Chosen:
    """The split again. A card without a protocol is one of a global time split.

    Raises:
        BadKnob: as ``chosen_split``.
    """
    return chosen_split(card, {}, where=where)


def _named(name: object, where: str) -> str:
    if name not in PROTOCOLS:
        raise BadKnob(f"{where}: a protocol must be one of {', '.join(PROTOCOLS)}, got {name!r}")
    return str(name)


def _knobs(name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*knob_names(PROTOCOLS[name]), *SAMPLING, ALLOW)))


def knob_names(kind: type) -> tuple[str, ...]:
    """The knobs of a dataclass."""
    return tuple(knob.name for knob in knobs_of(kind))


def _check(given: Mapping[str, object], name: str, where: str) -> None:
    for key in given:
        if key in _knobs(name):
            continue
        told = f"{where}: there is no setting {key!r} in a split {name}; it has {', '.join(_knobs(name))}"
        owners = ", ".join(_defaults(key))
        raise BadKnob(f"{told}. {key} is for {owners}: leave it out, or choose that protocol" if owners else told)


def _untouched(key: str, value: object, name: str) -> bool:
    """Whether only other protocols have this knob, and it stands as it comes."""
    plain = tuple(value) if isinstance(value, list) else value
    return key not in _knobs(name) and plain in _defaults(key).values()


def _defaults(key: str) -> dict[str, object]:
    """What a knob is when nobody says, by the name of each protocol that has it."""
    protocols: dict[str, type] = dict(PROTOCOLS)
    return {name: knob.default for name, kind in protocols.items() for knob in knobs_of(kind) if knob.name == key}


def _made(name: str, knobs: Mapping[str, object], where: str) -> Chosen:
    if knobs.get(ALLOW):
        base = _made(name, {**knobs, ALLOW: ()}, where)
        return from_mapping(Allowing, {"base": base, ALLOW: knobs[ALLOW]}, where=where)
    own = knob_names(PROTOCOLS[name])
    plain = from_mapping(PROTOCOLS[name], {key: value for key, value in knobs.items() if key in own}, where=where)
    if not knobs.get("negatives"):
        return plain
    sampling = {key: value for key, value in knobs.items() if key in SAMPLING}
    return from_mapping(SampledNegatives, {"base": plain, **sampling}, where=where)
