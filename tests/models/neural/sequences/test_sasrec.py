"""SASRec: the kit with both losses, an order that only a model of order knows, windows, and empty histories."""

import numpy as np
import pytest

from slatewright.core.errors import BadKnob
from slatewright.data.dataset import Dataset
from slatewright.data.histories import Histories
from slatewright.models import SASRec
from slatewright.testing.estimators import EstimatorKit

TINY = {"embedding_dim": 8, "longest_history": 8, "batch_size": 16, "epochs": 2, "n_negatives": 4}


class TestSASRec(EstimatorKit):
    estimator = SASRec(**TINY)


class TestGSASRec(EstimatorKit):
    estimator = SASRec(**TINY, loss="gbce", n_heads=2, validation_share=0.2, patience=1)
