"""What people of the same kind take."""

from slatewright.models.segments.segment_popularity import SegmentPopularity
from slatewright.testing.estimators import EstimatorKit


class TestSegmentPopularity(EstimatorKit):
    estimator = SegmentPopularity()


class TestOneTreeOfTwo(EstimatorKit):
    estimator = SegmentPopularity(n_segments=2, method="hierarchical", shrinkage=0.0, half_life_days=20.0, most_items=5)


class TestByFactsThatNobodyHas(EstimatorKit):
    estimator = SegmentPopularity(by="facts", rng=3)


class TestByBoth(EstimatorKit):
    estimator = SegmentPopularity(n_segments=40, by="both", embedding_dim=100)
