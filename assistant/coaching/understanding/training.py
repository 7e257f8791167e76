"""Train the shipped tagger: ``python -m assistant.coaching.understanding.training``.

Messages are written by ``learning/`` out of ``corpus/apprentissage``; the same seed writes the same
messages and gives the same weights on one machine. ``--held 0`` keeps a fifth of the turns of
phrase out of training and prints how they are read: a reading of phrases never seen.

Needs the ``models`` extra (torch).
"""

import argparse
import time
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.coaching.understanding.features import BUCKETS
from assistant.coaching.understanding.learning.dataset import (
    Sample,
    digest,
    grammar_labels,
    press,
)
from assistant.coaching.understanding.tagger import (
    DEFAULT_TAGGER,
    DILATIONS,
    KNOWN,
    Array,
    Network,
    Tagger,
)

SEED = 23
MESSAGES = 14_000
RETOLD = 18  # times that each message written by hand is told
EPOCHS = 5
NETWORKS = 3  # trained on the same messages from other first weights
BATCH = 64
WIDTH, INSIDE = 48, 96
RATE = 0.003
_DROPPED, _HIDDEN_DROPPED = 0.14, 0.18
# what hands do not mark: numbers that are of nothing
_BY_GRAMMAR = frozenset({"nombre=autre", "nombre=pret"})


def network(labels: int) -> Any:
    """The network that ``tagger.Tagger`` runs, as a torch module."""
    import torch

    class Trained(torch.nn.Module):
        """See ``tagger``."""

        def __init__(self) -> None:
            super().__init__()
            self.table = torch.nn.EmbeddingBag(BUCKETS, WIDTH, mode="sum")
            torch.nn.init.normal_(self.table.weight, std=0.1)
            self.into = torch.nn.Linear(WIDTH, INSIDE)
            self.convolutions = torch.nn.ModuleList(
                torch.nn.Linear(3 * INSIDE, INSIDE) for _ in DILATIONS
            )
            self.whole = torch.nn.Linear(INSIDE, INSIDE)
            self.top = torch.nn.Linear(2 * INSIDE, INSIDE)
            self.out = torch.nn.Linear(INSIDE, labels)
            torch.nn.init.constant_(self.out.bias, -4.0)
            self.dropout = torch.nn.Dropout(_HIDDEN_DROPPED)

        def forward(self, flat: Any, offsets: Any, mask: Any) -> Any:
            size, length = mask.shape
            hidden = self.table(flat, offsets).view(size, length, WIDTH)
            hidden = torch.relu(self.into(self.dropout(hidden))) * mask[..., None]
            for layer, dilation in zip(self.convolutions, DILATIONS, strict=True):
                dropped = self.dropout(hidden)
                wide = torch.nn.functional.pad(dropped, (0, 0, dilation, dilation))
                around = torch.cat(
                    [wide[:, :length], wide[:, dilation : dilation + length],
                     wide[:, 2 * dilation :]], dim=2,
                )  # fmt: skip
                hidden = (hidden + torch.relu(layer(around))) * mask[..., None]
            whole = torch.relu(self.whole(hidden.max(dim=1).values))
            both = torch.cat([hidden, whole[:, None].expand(-1, length, -1)], dim=2)
            return self.out(self.dropout(torch.relu(self.top(both))))

    return Trained()


@dataclass(frozen=True, slots=True)
class Learned:
    """How many labels there are, and which each kind of message is marked with."""

    count: int
    generated: Array
    by_hand: Array

    @classmethod
    def of(cls, names: Sequence[str], grammar: Container[str]) -> "Learned":
        """What is marked in messages of the grammar, and in those written by hand."""
        return cls(
            len(names),
            np.array([name in grammar for name in names], dtype=np.float32),
            np.array([name not in _BY_GRAMMAR for name in names], dtype=np.float32),
        )


@dataclass(frozen=True, slots=True)
class Row:
    """A sample as arrays, made once: its features, their number a word, its labels by place."""

    flat: NDArray[np.int64]
    sizes: NDArray[np.int64]
    places: NDArray[np.int64]
    labels: NDArray[np.int64]
    by_hand: bool

    @classmethod
    def of(cls, sample: Sample) -> "Row":
        """``sample`` as arrays."""
        pairs = [(p, label) for p, said in enumerate(sample.labels) for label in said]
        both = np.array(pairs, dtype=np.int64).reshape(-1, 2)
        return cls(
            np.array([f for word in sample.tokens.features for f in word], dtype=np.int64),
            np.array([len(word) for word in sample.tokens.features], dtype=np.int64),
            both[:, 0], both[:, 1], sample.by_hand,
        )  # fmt: skip


def train(
    samples: Sequence[Sample], learned: Learned, *, epochs: int = EPOCHS, seed: int = SEED
) -> Any:
    """A trained network; single-threaded, so that the same samples give the same weights."""
    import torch

    torch.manual_seed(seed)
    torch.use_deterministic_algorithms(True)
    torch.set_num_threads(1)
    rng = np.random.default_rng(seed)
    made = network(learned.count)
    optimizer = torch.optim.Adam(made.parameters(), lr=RATE)
    steps = epochs * len(samples) / BATCH
    loss_of = torch.nn.functional.binary_cross_entropy_with_logits
    rows = [Row.of(sample) for sample in samples]
    done = 0
    for epoch in range(epochs):
        losses = []
        for batch in _batches(rows, rng):
            for group in optimizer.param_groups:
                group["lr"] = RATE * max(0.02, 1 - done / steps)
            flat, offsets, mask, target, known = tensors(batch, learned, rng)
            scores = made(flat, offsets, mask)
            each = loss_of(scores, target, reduction="none") * (mask[..., None] * known[:, None])
            highest = (scores - 1e4 * (1 - mask[..., None])).max(dim=1).values
            message = loss_of(highest, target.max(dim=1).values, weight=known)
            loss = each.sum() / mask.sum() / 8 + message
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            done += 1
        print(f"epoch {epoch + 1}/{epochs}  loss {np.mean(losses):.4f}", flush=True)
    return made.eval()


def _batches(rows: Sequence[Row], rng: np.random.Generator) -> Iterator[list[Row]]:
    """Batches of messages of about the same length."""
    lengths = np.array([len(row.sizes) for row in rows]) + rng.random(len(rows)) * 4
    order = np.argsort(lengths, kind="stable")
    groups = [order[i : i + BATCH] for i in range(0, len(order), BATCH)]
    for number in rng.permutation(len(groups)):
        yield [rows[place] for place in groups[number]]


def tensors(
    batch: Sequence[Row], learned: Learned, rng: np.random.Generator | None
) -> tuple[Any, ...]:
    """A batch as tensors; without ``rng`` no word is hidden."""
    import torch

    length = max(1, *(len(row.sizes) for row in batch), 1)
    sizes = np.zeros((len(batch), length), dtype=np.int64)
    target = np.zeros((len(batch), length, learned.count), dtype=np.float32)
    for number, row in enumerate(batch):
        sizes[number, : len(row.sizes)] = row.sizes
        target[number, row.places, row.labels] = 1
    mask = (sizes > 0).astype(np.float32)
    flat = np.concatenate([row.flat for row in batch])
    each = sizes.ravel()
    starts = np.concatenate([[0], np.cumsum(each)[:-1]])
    if rng is not None:  # the word itself is its first two features
        hidden = np.flatnonzero((rng.random(each.size) < _DROPPED) & (each > 2))
        kept = np.ones(len(flat), dtype=bool)
        kept[starts[hidden]] = kept[starts[hidden] + 1] = False
        flat = flat[kept]
        each = each.copy()
        each[hidden] -= 2
        starts = np.concatenate([[0], np.cumsum(each)[:-1]])
    known = np.stack([learned.by_hand if row.by_hand else learned.generated for row in batch])
    return tuple(torch.from_numpy(one) for one in (flat, starts, mask, target, known))


def exported(made: Any) -> Network:
    """A trained network as the arrays that run without torch, in the precision that is kept."""
    state = {name: value.detach().numpy() for name, value in made.state_dict().items()}
    weights = {"table": state["table.weight"]}
    names = {"into": "into", "whole": "whole", "out": "out"}
    names |= {f"convolutions.{n}": f"conv{n}" for n in range(len(DILATIONS))}
    for name, short in names.items():
        weights[short] = np.ascontiguousarray(state[f"{name}.weight"].T)
        weights[f"{short}_bias"] = state[f"{name}.bias"]
    top = state["top.weight"].T
    weights |= {"top": top[:INSIDE], "top_whole": top[INSIDE:], "top_bias": state["top.bias"]}
    return Network({k: v.astype(np.float16).astype(np.float32) for k, v in weights.items()})


def save(tagger: Tagger, path: Path) -> None:
    """Write half-precision weights, the labels and the digest of the grammar."""
    from safetensors.numpy import save_file

    halves: dict[str, NDArray[Any]] = {
        f"{number}.{name}": np.ascontiguousarray(value.astype(np.float16))
        for number, one in enumerate(tagger.networks)
        for name, value in one.weights.items()
    }
    halves[KNOWN] = tagger.known
    said = {"labels": " ".join(tagger.labels), "grammar": tagger.grammar}
    save_file(halves, str(path), metadata=said)


def judged(tagger: Tagger, samples: Sequence[Sample], floor: float = 0.5) -> list[str]:
    """For each label on messages: how often said, found, and right when read at ``floor``."""
    counts = np.zeros((3, len(tagger.labels)), dtype=int)
    for sample in samples:
        read = tagger.probabilities(sample.tokens).max(axis=0, initial=0) >= floor
        said = np.zeros(len(tagger.labels), dtype=bool)
        said[[label for word in sample.labels for label in word]] = True
        counts += np.array([said, said & read, read])
    lines = [
        f"{name:44} {said:5} found {hit / max(said, 1):.3f} right {hit / max(read, 1):.3f}"
        for name, said, hit, read in zip(tagger.labels, *counts, strict=True)
    ]
    said, hit, read = counts.sum(axis=1)
    return [*lines, f"{'everything':44} {said:5} found {hit / said:.3f} right {hit / read:.3f}"]


def main() -> None:
    """Train on written messages and write the weights where the application reads them."""
    root = Path(__file__).parents[3]
    parser = argparse.ArgumentParser(prog="python -m assistant.coaching.understanding.training")
    parser.add_argument("--corpus", type=Path, default=root / "corpus")
    parser.add_argument("--out", type=Path, default=DEFAULT_TAGGER)
    parser.add_argument("--messages", type=int, default=MESSAGES)
    parser.add_argument("--retold", type=int, default=RETOLD)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--networks", type=int, default=NETWORKS)
    parser.add_argument("--held", type=int, help="judge on this family of phrases; writes nothing")
    parser.add_argument("--fold", type=int, help="leave out this fold of the messages by hand")
    options = parser.parse_args()
    started = time.monotonic()
    printing = press(options.corpus)
    labels = printing.labels()
    samples = printing.samples(options.messages, seed=SEED, held=options.held)
    samples += printing.retold(options.retold, seed=SEED, fold_kept=options.fold)
    print(f"{len(samples)} messages, {len(labels)} labels, {time.monotonic() - started:.0f} s")
    learned = Learned.of(labels, grammar_labels(printing.grammar))
    networks = tuple(
        exported(train(samples, learned, epochs=options.epochs, seed=SEED + number))
        for number in range(options.networks)
    )
    said = digest(printing.grammar, printing.written)
    tagger = Tagger(labels, networks, said, printing.known)
    if options.held is None:
        save(tagger, options.out)
        print(f"written to {options.out}")
    else:
        unseen = printing.samples(3_000, seed=SEED + 1, held=options.held, only=True)
        print("\n".join(judged(tagger, unseen)))
    print(f"{time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
