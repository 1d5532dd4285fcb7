"""Event ids from what an event says, equal on every machine and in every version: a repeat is known by its id."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from slatewright.core.arrays import Array, Frame
from slatewright.core.kernels import kernel

Lanes = npt.NDArray[np.uint64]

_ALPHABET = np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", dtype=np.uint8)
_LETTERS = 12  # 72 bits; Polars keeps texts of 12 bytes in place
_SEEDS = (0xCBF29CE484222325, 0x9AE16A3B2F90404F)
_NOTHING = -1  # the length of a text that is missing; with the size added it hashes to zero


def fingerprints(rows: Frame, columns: Sequence[str]) -> pl.Series:
    """One id of 12 letters per row, (n,) String, from the values of some columns.

    Texts are hashed by their UTF-8 bytes, numbers by their bits as float32, times by their µs; a missing value
    differs from every value, and a missing column counts as missing values. Two lanes of 64 bits, stirred by the
    finisher of MurmurHash3, are cut to 72 bits: among a billion different events the chance that any two share an id
    is one in ten thousand.
    """
    lanes = np.empty((rows.height, 2), dtype=np.uint64)
    lanes[:] = np.array(_SEEDS, dtype=np.uint64)
    for column in columns:
        if column in rows.columns and rows[column].null_count() < rows.height:
            _add(lanes, rows[column])
        else:
            _add_numbers(lanes, np.zeros(rows.height, np.uint64), np.zeros(rows.height, np.bool_))
    letters = np.empty((rows.height, _LETTERS), dtype=np.uint8)
    _spell(lanes, _ALPHABET, letters)
    return pl.Series("event_id", letters.view(f"S{_LETTERS}").ravel()).cast(pl.String)


def _add(lanes: Lanes, values: pl.Series) -> None:
    if values.dtype == pl.String:
        lengths = values.str.len_bytes().cast(pl.Int64).fill_null(_NOTHING).to_numpy()
        joined = values.str.join("").cast(pl.Binary).item() or b""
        _add_texts(lanes, np.frombuffer(joined, dtype=np.uint8), lengths)
        return
    known = values.is_not_null().to_numpy()
    _add_numbers(lanes, _bits(values), known)


def _bits(values: pl.Series) -> Array:
    """The values as whole numbers, uint64 (n,)."""
    if values.dtype.is_float():
        # adding zero makes one zero of the two
        floats = values.cast(pl.Float32).fill_null(0).to_numpy() + np.float32(0)
        return floats.view(np.uint32).astype(np.uint64)
    return values.cast(pl.Int64).fill_null(0).to_numpy().astype(np.uint64)


@kernel()
def _add_texts(lanes: Lanes, joined: npt.NDArray[np.uint8], lengths: npt.NDArray[np.int64]) -> None:
    at = 0
    for row in range(len(lengths)):
        stop = at + max(lengths[row], 0)
        # the size tells ("a", "bc") from ("ab", "c"), and nothing from ""
        hashed = np.uint64(lengths[row] + 1) * np.uint64(0x9E3779B97F4A7C15)
        while at + 8 <= stop:
            hashed = _mixed(hashed ^ _word(joined, at))
            at += 8
        last = np.uint64(0)
        while at < stop:
            last = (last << np.uint64(8)) | np.uint64(joined[at])
            at += 1
        _combine(lanes, row, _mixed(hashed ^ last))


@kernel()
def _word(joined: npt.NDArray[np.uint8], at: int) -> np.uint64:
    """Eight bytes as one number, the first lowest on every machine."""
    word = np.uint64(0)
    for byte in range(8):
        word |= np.uint64(joined[at + byte]) << np.uint64(8 * byte)
    return word


@kernel()
def _add_numbers(lanes: Lanes, bits: npt.NDArray[np.uint64], known: npt.NDArray[np.bool_]) -> None:
    for row in range(len(bits)):
        # nothing is zero, as it is for texts
        _combine(lanes, row, bits[row] ^ np.uint64(0x9E3779B97F4A7C15) if known[row] else np.uint64(0))


@kernel()
def _combine(lanes: Lanes, row: int, value: np.uint64) -> None:
    """Two different functions of everything said so far and of one more value."""
    lanes[row, 0] = _mixed(lanes[row, 0] ^ value)
    turned = (value << np.uint64(32)) | (value >> np.uint64(32))
    second = (lanes[row, 1] + turned) * np.uint64(0xD6E8FEB86659FD93)
    lanes[row, 1] = second ^ (second >> np.uint64(32))


@kernel()
def _mixed(x: np.uint64) -> np.uint64:
    x ^= x >> np.uint64(33)
    x *= np.uint64(0xFF51AFD7ED558CCD)
    x ^= x >> np.uint64(33)
    x *= np.uint64(0xC4CEB9FE1A85EC53)
    return x ^ (x >> np.uint64(33))


@kernel()
def _spell(lanes: Lanes, alphabet: npt.NDArray[np.uint8], letters: npt.NDArray[np.uint8]) -> None:
    """Six bits a letter: ten from the first lane, two from the second."""
    for row in range(len(lanes)):
        first, second = lanes[row, 0], _mixed(lanes[row, 1])
        for at in range(10):
            letters[row, at] = alphabet[first & np.uint64(63)]
            first >>= np.uint64(6)
        for at in range(10, 12):
            letters[row, at] = alphabet[second & np.uint64(63)]
            second >>= np.uint64(6)
