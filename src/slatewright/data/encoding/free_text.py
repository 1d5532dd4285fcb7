"""Free text told from categories, by its values alone."""

import polars as pl

MANY_WORDS = 2.5  # a column with more words than this in the mean row is text, however often its values come again


def is_free_text(fact: pl.Series) -> bool:
    """Whether nearly every row says something of its own, like a title."""
    given = fact.drop_nulls()
    return given.n_unique() > max(50, len(given) // 2)


def is_text(fact: pl.Series) -> bool:
    """Whether a column of text is to be read word by word: many words in a row, or nearly every row its own."""
    given = fact.drop_nulls()
    blanks = float(given.str.strip_chars().str.count_matches(r"\s+").sum())
    return is_free_text(fact) or blanks / max(1, len(given)) + 1 > MANY_WORDS


def is_address(fact: pl.Series) -> bool:
    """Whether most rows are addresses of pages or pictures, which say nothing about what they lead to."""
    given = fact.drop_nulls()
    return float(given.str.contains("^https?://").sum()) > 0.5 * max(1, len(given))
