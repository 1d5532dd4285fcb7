"""Two-tower retrieval: people and items meet as vectors, read from ids, facts, texts and histories."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from slatewright.core.knobs import Knob
from slatewright.data.dataset import Dataset
from slatewright.models.content.content import ABOUT_PEOPLE
from slatewright.models.costs import FLOPS, STEPS, Cost, Size, csr_bytes
from slatewright.models.model import Known
from slatewright.models.neural.facts.in_batch import InBatch
from slatewright.models.neural.facts.recipe import Dropout, IdDropout, Layers, network_work
from slatewright.models.neural.facts.samples import Samples
from slatewright.models.neural.facts.tower_task import TowerTask
from slatewright.models.neural.facts.towers import TowerEstimator, drawn_rows
from slatewright.models.neural.facts.vectors import FactVectors
from slatewright.models.neural.networks import Spec
from slatewright.models.neural.sequences.held_out import HeldOut
from slatewright.models.neural.tables import Table
from slatewright.models.shapes.two_towers import TwoTowers

ITEMS, PEOPLE = FactVectors(), FactVectors(ABOUT_PEOPLE, 100)


@dataclass(frozen=True)
class TwoTower(TowerEstimator):
    """A tower for people, who are what they took and what is known of them, and one for items: ids, facts and texts.

    Yi et al.: Sampling-Bias-Corrected Neural Modeling for Large Corpus Item Recommendations (RecSys 2019). Ids are
    hidden now and then, as in Volkovs, Yu, Poutanen: DropoutNet (NIPS 2017), so that items that nobody took yet are
    found by their facts. The content is also compared as it is, as a content model does.
    """

    embedding_dim: Annotated[int, Knob("numbers per id of an item", least=1, most=4096, search=(16, 256))] = 64
    layers: Layers = (256, 128)
    dropout: Dropout = 0.2
    vectors: Annotated[FactVectors, Knob("how facts and texts of items become vectors")] = ITEMS
    user_vectors: Annotated[FactVectors, Knob("how facts of users become vectors")] = PEOPLE
    longest_history: Annotated[
        int, Knob("items of a history that are drawn for a sample", least=1, most=1000, search=(10, 100))
    ] = 50
    id_dropout: IdDropout = 0.5
    n_negatives: Annotated[
        int, Knob("items drawn for a batch besides its own", least=0, most=1 << 20, search=(0, 4096))
    ] = 0
    hardness: Annotated[
        float, Knob("negatives count by exp(this x their score); 0: all alike", least=0, most=10, search=(0, 1))
    ] = 0.0

    def cost(self, size: Size) -> Cost:
        """Two tables with what Adam keeps, the content of the items, and the scores of a batch, there and back."""
        dim, width = float(self.embedding_dim), float(self.vectors.width)
        samples = float(self.epochs * size.n_pairs)
        towers = network_work(dim + width, self.layers)
        scores = (self.batch_size + self.n_negatives) * (self.layers[-1] + width)
        memory = (
            self.held(2.0 * size.n_items * dim)
            + 8.0 * size.n_items * dim  # what the rows were at first
            + 16.0 * size.n_items * width
            + 4 * csr_bytes(size.n_users, size.n_pairs)
        )
        held = 20.0 * self.batch_size * (self.batch_size + self.n_negatives + self.longest_history * dim)
        return Cost(
            memory + held + 40.0 * size.n_entries(),
            {FLOPS: 6 * samples * (2 * towers + scores), STEPS: 12 * samples * self.longest_history * dim},
        )

    def fresh(self, dataset: Dataset, samples: Samples, rng: np.random.Generator) -> TwoTowers:
        """Before it has learned; an item that nobody took is known by content alone."""
        sold, users = samples.is_sold, samples.who_took
        items = self.vectors.learn(dataset.item_facts, sold if dataset.item_facts.height else None)
        reader = self.user_vectors.learn(dataset.user_facts, users if dataset.user_facts.height else None)
        spec = self.spec_of(items.width, reader.width)
        network = tuple(spec.initial(rng))
        return TwoTowers(
            Known(dataset.users, dataset.items, dataset.histories()),
            item_factors=np.zeros((dataset.n_items, self.layers[-1] + items.width + 1), dtype=np.float32),
            rows=drawn_rows(sold, self.embedding_dim, rng),
            thing_rows=drawn_rows(sold, self.embedding_dim, rng),
            content=items.read(dataset.item_facts, dataset.n_items),
            reader=reader,
            item_reader=items,
            longest=np.array([self.longest_history]),
            spec=spec.array(),
            network=network,
            learning_curve=np.zeros((0, 2), dtype=np.float32),
        )

    def spec_of(self, content: int, facts: int) -> Spec:
        """The network for items with so many numbers of ``content``, and people with so many of ``facts``."""
        return Spec.of(
            "towers", self.precision, dim=self.embedding_dim, content=content, facts=facts,
            layers=self.layers, dropout=self.dropout,
        )  # fmt: skip

    def task(self, model: TwoTowers, dataset: Dataset, samples: Samples, held_out: HeldOut) -> TowerTask:
        """What trains a model with the ids of a data set."""
        tables = {"history": Table.of(model.rows, self.tables), "items": Table.of(model.thing_rows, self.tables)}
        people = model.reader.read(dataset.user_facts, dataset.n_users)
        objective = InBatch(Spec.from_array(model.spec), self.hardness)
        return TowerTask(
            model, tables, objective, people, samples, self.n_negatives, self.id_dropout, self.batch_size, held_out
        )
