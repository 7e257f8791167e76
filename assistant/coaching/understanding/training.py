"""Train the shipped tagger: ``python -m assistant.coaching.understanding.training``.

Messages are written by ``learning/`` out of ``corpus/apprentissage``; the same seed writes the same
messages and gives the same weights on one machine. ``--held 0`` keeps a fifth of the turns of
phrase out of training and prints how they are read: a reading of phrases never seen.

Needs the ``models`` extra (torch).
"""

import argparse
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assistant.coaching.understanding.features import BUCKETS
from assistant.coaching.understanding.learning.dataset import Sample, digest, label_names, press
from assistant.coaching.understanding.tagger import DEFAULT_TAGGER, DILATIONS, Network, Tagger

SEED = 23
MESSAGES = 36_000
EPOCHS = 4
NETWORKS = 2  # trained on the same messages from other first weights
BATCH = 64
WIDTH, INSIDE = 64, 96
RATE = 0.003
_DROPPED, _HIDDEN_DROPPED = 0.12, 0.15


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
                wide = torch.nn.functional.pad(hidden, (0, 0, dilation, dilation))
                around = torch.cat(
                    [wide[:, :length], wide[:, dilation : dilation + length],
                     wide[:, 2 * dilation :]], dim=2,
                )  # fmt: skip
                hidden = (hidden + torch.relu(layer(self.dropout(around)))) * mask[..., None]
            whole = torch.relu(self.whole(hidden.max(dim=1).values))
            both = torch.cat([hidden, whole[:, None].expand(-1, length, -1)], dim=2)
            return self.out(self.dropout(torch.relu(self.top(both))))

    return Trained()


def train(samples: Sequence[Sample], labels: int, *, epochs: int = EPOCHS, seed: int = SEED) -> Any:
    """A trained network; single-threaded, so that the same samples give the same weights."""
    import torch

    torch.manual_seed(seed)
    torch.use_deterministic_algorithms(True)
    torch.set_num_threads(1)
    rng = random.Random(seed)  # noqa: S311  (reproducible order, not a secret)
    made = network(labels)
    optimizer = torch.optim.Adam(made.parameters(), lr=RATE)
    steps = epochs * len(samples) / BATCH
    loss_of = torch.nn.functional.binary_cross_entropy_with_logits
    done = 0
    for epoch in range(epochs):
        losses = []
        for batch in _batches(samples, rng):
            for group in optimizer.param_groups:
                group["lr"] = RATE * max(0.02, 1 - done / steps)
            flat, offsets, mask, target = _tensors(batch, labels, rng)
            scores = made(flat, offsets, mask)
            each = loss_of(scores, target, reduction="none") * mask[..., None]
            highest = (scores - 1e4 * (1 - mask[..., None])).max(dim=1).values
            message = loss_of(highest, target.max(dim=1).values)
            loss = each.sum() / mask.sum() / 8 + message
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            done += 1
        print(f"epoch {epoch + 1}/{epochs}  loss {np.mean(losses):.4f}", flush=True)
    return made.eval()


def _batches(samples: Sequence[Sample], rng: random.Random) -> Iterator[list[Sample]]:
    """Batches of messages of about the same length."""
    order = sorted(samples, key=lambda s: len(s.labels) + rng.random() * 4)
    groups = [order[i : i + BATCH] for i in range(0, len(order), BATCH)]
    rng.shuffle(groups)
    yield from groups


def _tensors(batch: Sequence[Sample], labels: int, rng: random.Random) -> tuple[Any, ...]:
    import torch

    length = max(1, *(len(s.labels) for s in batch)) if batch else 1
    flat: list[int] = []
    offsets: list[int] = []
    mask = np.zeros((len(batch), length), dtype=np.float32)
    target = np.zeros((len(batch), length, labels), dtype=np.float32)
    for row, sample in enumerate(batch):
        for place in range(length):
            offsets.append(len(flat))
            if place >= len(sample.labels):
                continue
            mask[row, place] = 1
            features = sample.tokens.features[place]
            flat += features[2:] if len(features) > 2 and rng.random() < _DROPPED else features
            for label in sample.labels[place]:
                target[row, place, label] = 1
    return (torch.tensor(flat), torch.tensor(offsets), torch.from_numpy(mask),
            torch.from_numpy(target))  # fmt: skip


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

    halves = {
        f"{number}.{name}": np.ascontiguousarray(value.astype(np.float16))
        for number, one in enumerate(tagger.networks)
        for name, value in one.weights.items()
    }
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
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--held", type=int, help="judge on this family of phrases; writes nothing")
    options = parser.parse_args()
    started = time.monotonic()
    printing = press(options.corpus)
    labels = label_names(printing.grammar)
    samples = printing.samples(options.messages, seed=SEED, held=options.held)
    print(f"{len(samples)} messages, {len(labels)} labels, {time.monotonic() - started:.0f} s")
    networks = tuple(
        exported(train(samples, len(labels), epochs=options.epochs, seed=SEED + number))
        for number in range(NETWORKS)
    )
    tagger = Tagger(labels, networks, digest(printing.grammar))
    if options.held is None:
        save(tagger, options.out)
        print(f"written to {options.out}")
    else:
        unseen = printing.samples(3_000, seed=SEED + 1, held=options.held, only=True)
        print("\n".join(judged(tagger, unseen)))
    print(f"{time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
