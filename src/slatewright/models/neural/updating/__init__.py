"""A fitted neural model learns on from what came since, beside some of what was before."""
