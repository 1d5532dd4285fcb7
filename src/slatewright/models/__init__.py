"""Models: what is learned. One estimator, one file."""
