"""SASRec as a plain PyTorch loop writes it: padded windows, ``scaled_dot_product_attention``, Adam over all."""

from collections.abc import Iterator

import numpy as np
import torch
from sequence_sets import Part
from torch import Tensor, nn
from torch.nn import functional

from slatewright.models import SASRec


class Block(nn.Module):  # type: ignore[misc]  # torch is not read by the type checker
    """Attention and a perceptron, norms first; the sizes and dropout of ours."""

    def __init__(self, knobs: SASRec) -> None:
        super().__init__()
        d = knobs.embedding_dim
        self.rate, self.heads = knobs.dropout, knobs.n_heads
        self.norms = nn.ModuleList([nn.LayerNorm(d), nn.LayerNorm(d)])
        self.inward, self.outward = nn.Linear(d, 3 * d), nn.Linear(d, d)
        self.wide, self.narrow = nn.Linear(d, d), nn.Linear(d, d)

    def forward(self, x: Tensor) -> Tensor:
        rows, length, d = x.shape
        parts = self.inward(self.norms[0](x)).view(rows, length, 3, self.heads, d // self.heads)
        queries, keys, values = parts.permute(2, 0, 3, 1, 4)
        seen = functional.scaled_dot_product_attention(queries, keys, values, is_causal=True)
        x = x + self._dropped(self.outward(seen.transpose(1, 2).reshape(rows, length, d)))
        wide = self._dropped(functional.relu(self.wide(self.norms[1](x))))
        return x + self._dropped(self.narrow(wide))

    def _dropped(self, x: Tensor) -> Tensor:
        return functional.dropout(x, self.rate, self.training)


class Net(nn.Module):  # type: ignore[misc]  # as above
    """The network and its tables; item 0 fills rows up."""

    def __init__(self, knobs: SASRec, n_items: int) -> None:
        super().__init__()
        d = knobs.embedding_dim
        self.rate, self.items = knobs.dropout, nn.Embedding(n_items + 1, d, padding_idx=0)
        self.places = nn.Parameter(torch.randn(knobs.longest_history, d) * 0.02)
        self.blocks = nn.ModuleList([Block(knobs) for _ in range(knobs.n_blocks)])
        self.norm = nn.LayerNorm(d)

    def forward(self, history: Tensor) -> Tensor:
        x = functional.dropout(
            self.items(history) * self.items.embedding_dim**0.5 + self.places, self.rate, self.training
        )
        for block in self.blocks:
            x = block(x)
        normed: Tensor = self.norm(x)
        return normed


def torch_steps(part: Part, knobs: SASRec) -> Iterator[int]:
    """One step of training per item: the events it learned from. Rows are the latest events of a user each."""
    rng = np.random.default_rng(0)
    torch.manual_seed(0)
    net = Net(knobs, part.train.n_items)
    optimiser = torch.optim.Adam(net.parameters(), lr=knobs.learning_rate)
    history, target = _padded(part, knobs.longest_history)
    while True:
        order = rng.permutation(len(history))
        for start in range(0, len(order) - knobs.batch_size + 1, knobs.batch_size):
            rows = order[start : start + knobs.batch_size]
            negatives = torch.from_numpy(1 + rng.integers(part.train.n_items, size=knobs.n_negatives))
            wanted = torch.from_numpy(target[rows])
            loss = _loss(net, torch.from_numpy(history[rows]), wanted, negatives)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            yield int((wanted > 0).sum())


def _loss(net: Net, history: Tensor, target: Tensor, negatives: Tensor) -> Tensor:
    hidden = net(history)
    positive = (hidden * net.items(target)).sum(-1, keepdim=True)
    negative = hidden @ net.items(negatives).T
    negative = negative.masked_fill(target[..., None] == negatives, -1e9)
    losses = torch.logsumexp(torch.cat([positive, negative], -1), -1) - positive[..., 0]
    there = target > 0
    mean: Tensor = (losses * there).sum() / there.sum()
    return mean


def _padded(part: Part, length: int) -> tuple[np.ndarray, np.ndarray]:
    """What is read and what follows, int64 (users, length), items from 1, at the end of their rows."""
    histories = part.train.histories()
    history, target = np.zeros((2, len(histories), length), dtype=np.int64)
    for user in range(len(histories)):
        items = histories.items_of(user)[-length - 1 :] + 1
        if len(items) > 1:
            history[user, -len(items) + 1 :] = items[:-1]
            target[user, -len(items) + 1 :] = items[1:]
    return history, target
