"""Four stages at production size: 500 candidates, a ranker of 100 trees on 30 features, MMR to 20."""

from slatewright.features import (
    Activity,
    Count,
    HistoryCount,
    HistoryRecency,
    HistoryShare,
    HourOfDay,
    Newness,
    Price,
    PriceAgainstHabit,
    Rate,
    Recency,
    SessionCount,
    Together,
    Trend,
)
from slatewright.models import ALS, ItemKNN
from slatewright.models.rankers import LambdaRank
from slatewright.pipeline import (
    MMR,
    ItemToItemSource,
    LearnedScore,
    Lessons,
    ModelSays,
    NearestSource,
    PopularSource,
    Recipe,
    SourceRank,
)

FEATURES = (
    ModelSays("taste"),  # two columns
    ModelSays("together"),  # two
    SourceRank(),  # four: one per source, and their sum
    Count("view", 7),
    Count("view", 30),
    Count("cart", 7),
    Count("purchase", 7),
    Count("purchase", 30),
    Count("purchase", 30, by="category"),
    Rate("cart", "view", 30),
    Rate("purchase", "view", 30),
    Rate("purchase", "view", 30, by="category"),
    Recency("purchase"),
    Trend("view"),
    Newness(),
    Price(),
    PriceAgainstHabit(),
    Activity(),
    HistoryCount(),
    HistoryCount(by="category"),
    HistoryShare(),
    HistoryRecency(by="category"),
    SessionCount(),
    Together(),
    HourOfDay(),
)

recipe = Recipe(
    estimators={"taste": ALS(embedding_dim=64, epochs=8), "together": ItemKNN(n_neighbors=50)},
    sources=(NearestSource("taste", limit=300), ItemToItemSource("together", last=10), PopularSource(limit=200)),
    score=LearnedScore(features=FEATURES, ranker=LambdaRank(n_trees=100), lessons=Lessons(n_questions=4000)),
    orders=(MMR(0.8, model="taste"),),
    candidates=500,
)
