"""From facts to tokens: words, pieces of words and categories, counted per row. Whole columns at a time."""

from collections.abc import Callable, Mapping

import numpy as np
import polars as pl
from scipy import sparse

from slatewright.data.idmap import IdMap

SEPARATORS = r"[|;]"  # between the categories of one text, as shops commonly write them
SHORTEST, LONGEST = 3, 5  # characters of a piece of a word
WORD = r"\w+"

Tokens = pl.DataFrame  # ``row`` int32, ``token`` String; one row per occurrence


def words(fact: pl.Series) -> Tokens:
    """Every word of a text, in lower case."""
    return _exploded(fact.cast(pl.String).str.to_lowercase().str.extract_all(WORD))


def categories(fact: pl.Series) -> Tokens:
    """Every category of a row: one word, several with ``|`` or ``;`` between them, a list, or yes and no."""
    if isinstance(fact.dtype, pl.List):
        return _exploded(fact.cast(pl.List(pl.String)))
    return _exploded(fact.cast(pl.String).str.replace_all(SEPARATORS, "|").str.split("|"))


def _exploded(lists: pl.Series) -> Tokens:
    table = pl.DataFrame({"row": np.arange(len(lists), dtype=np.int32), "token": lists}).explode("token")
    table = table.with_columns(pl.col("token").str.strip_chars())
    return table.filter(pl.col("token").str.len_bytes() > 0)


def pieces(word: pl.Series) -> Tokens:
    """The character n-grams of each word, a blank at both ends; a word too short for one is its own only piece."""
    padded = pl.DataFrame({"row": np.arange(len(word), dtype=np.int32), "word": " " + word + " "})
    padded = padded.with_columns(size=pl.col("word").str.len_chars().cast(pl.Int64))
    parts = [
        padded.filter((pl.col("size") >= n) | (n == SHORTEST))
        .with_columns(start=pl.int_ranges(0, pl.max_horizontal(pl.col("size") - n + 1, 1)))
        .explode("start")
        .select("row", token=pl.col("word").str.slice(pl.col("start"), n))
        for n in range(SHORTEST, LONGEST + 1)
    ]
    return pl.concat(parts)


def counts(tokens: Tokens, n_rows: int, names: IdMap) -> sparse.csr_matrix:
    """How often each row has each name, CSR float32 (n_rows, names); tokens without a name are left out."""
    column = names.positions(tokens["token"])
    known = column >= 0
    entries = (np.ones(known.sum(), dtype=np.float32), (tokens["row"].to_numpy()[known], column[known]))
    counted = sparse.csr_matrix(entries, shape=(n_rows, len(names)))
    counted.sum_duplicates()
    return counted


def piece_counts(tokens: Tokens, n_rows: int, names: IdMap | None) -> tuple[sparse.csr_matrix, IdMap]:
    """How often each row has each piece of a word; all pieces are named where no names are given.

    Every distinct word is taken to pieces once: rows by words times words by pieces."""
    known = IdMap.of(tokens["token"])
    parts = pieces(known.names)
    names = names if names is not None else IdMap.of(parts["token"])
    product = sparse.csr_matrix(counts(tokens, n_rows, known) @ counts(parts, len(known), names))
    product.sort_indices()
    return product, names


READERS: Mapping[str, Callable[[pl.Series], Tokens]] = {"words": words, "pieces": words, "categories": categories}
