"""The words a knob of an estimator may be called. Extend the list on purpose, in the commit that needs the word."""

KNOB_WORDS = frozenset(
    {
        "activity_discount",
        "batch_size",
        "bias_reg",
        "by",
        "dropout",
        "embedding_dim",
        "epochs",
        "estimators",
        "half_life_days",
        "history_half_life_days",
        "horizon_days",
        "learning_rate",
        "lengths",
        "method",
        "most_items",
        "n_candidates",
        "n_neighbors",
        "n_segments",
        "normalisation",
        "popularity_discount",
        "reg",
        "reg_exponent",
        "rng",
        "shrinkage",
        "unobserved_weight",
        "validation_share",
        "weighting",
        "weights",
    }
)
