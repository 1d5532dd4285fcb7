"""The words a knob of an estimator may be called. Extend the list on purpose, in the commit that needs the word."""

KNOB_WORDS = frozenset(
    {
        "batch_size",
        "by",
        "embedding_dim",
        "epochs",
        "estimators",
        "half_life_days",
        "history_half_life_days",
        "learning_rate",
        "lengths",
        "method",
        "most_items",
        "n_neighbors",
        "n_segments",
        "normalisation",
        "popularity_discount",
        "reg",
        "reg_exponent",
        "rng",
        "shrinkage",
        "unobserved_weight",
        "weighting",
        "weights",
    }
)
