"""Train the shipped embedding model: ``make embedding``.

A SentenceTransformer ``StaticEmbedding`` (own WordPiece vocabulary, a mean of token vectors)
trained by contrastive learning on our own questions, those of the cards and those written apart
from them (``asked``): two questions of one unit, or a question and the passage that answers it,
must be near; those of other units far (InfoNCE with in-batch negatives, van den Oord et al. 2018).
Most questions have some words said otherwise (``near_words``), and half have noise like that of
real typing. Nothing of ``eval/datasets`` is read.

Needs the ``models`` extra (torch, sentence-transformers).
"""

import argparse
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assistant.knowledge.analysis import words
from assistant.knowledge.asked import Asked, load_asked
from assistant.knowledge.corpus import load_corpus
from assistant.knowledge.embedding import DEFAULT_MODEL
from assistant.knowledge.near_words import NearWords, load_near_words, said_otherwise
from assistant.knowledge.unit import Unit

VOCABULARY = 8_000
DIMENSION = 256
SEED = 17
UNKNOWN = "[UNK]"
EPOCHS = 20
BATCH = 384
TEMPERATURE = 0.1
RATE = 0.02
OTHERWISE = 0.8  # share of the questions that have words said otherwise
NOISE = 0.5  # share of the questions that have typing errors


def training_texts(units: Sequence[Unit], asked: Sequence[Asked] = ()) -> list[list[str]]:
    """For each unit the texts that must be near one another: questions, then passages.

    ``asked`` are questions written apart from the units; those without an answer are left out.
    """
    apart: dict[str | None, list[str]] = {}
    for one in asked:
        if one.code.answered:
            apart.setdefault(one.unit, []).append(" ".join(words(one.question)))
    groups = []
    for unit in units:
        texts = apart.get(unit.id, [])
        texts += [" ".join(words(question)) for question in unit.questions]
        texts += [" ".join(words(f"{unit.title}. {unit.blocks[0].text}"))]
        texts += [
            " ".join(words(f"{unit.title}. {passage.text}".replace("**", "")))
            for passage in unit.passages()
        ]
        groups.append([text for text in texts if text])
    return groups


def noisy(text: str, rng: random.Random) -> str:
    """``text`` with one or two typing errors, or a word less."""
    tokens = text.split()
    if len(tokens) > 4 and rng.random() < 0.5:
        del tokens[rng.randrange(len(tokens))]
    for _ in range(rng.choice((0, 1, 1, 2))):
        i = rng.randrange(len(tokens))
        word = tokens[i]
        if len(word) > 3:
            j = rng.randrange(len(word) - 1)
            kind = rng.randrange(3)
            if kind == 0:
                word = word[:j] + word[j + 1 :]
            elif kind == 1:
                word = word[:j] + word[j + 1] + word[j] + word[j + 2 :]
            else:
                word = word[:j] + word[j] + word[j:]
            tokens[i] = word
    return " ".join(tokens)


def batches(
    groups: Sequence[Sequence[str]], near: NearWords, rng: random.Random
) -> Iterator[list[tuple[str, str]]]:
    """One epoch of pairs; a batch never holds two pairs of one unit."""
    pairs = []
    for number, group in enumerate(groups):
        for anchor in group[:-1]:
            other = rng.choice(group)
            if other != anchor:
                pairs.append((number, anchor, other))
    rng.shuffle(pairs)
    while pairs:
        batch: list[tuple[str, str]] = []
        rest: list[tuple[int, str, str]] = []
        used: set[int] = set()
        for number, anchor, other in pairs:
            if number in used or len(batch) == BATCH:
                rest.append((number, anchor, other))
            else:
                used.add(number)
                left = noisy(anchor, rng) if rng.random() < NOISE else anchor
                if rng.random() < OTHERWISE:
                    left = said_otherwise(left, near, rng)
                batch.append((left, other))
        if len(batch) < BATCH // 6:
            return
        yield batch
        pairs = rest


def train_tokenizer(texts: Sequence[str]) -> Any:
    """A WordPiece vocabulary of the corpus, folded like the queries."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.WordPiece(unk_token=UNKNOWN))
    tokenizer.normalizer = normalizers.BertNormalizer(strip_accents=True, lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(
        vocab_size=VOCABULARY, special_tokens=[UNKNOWN], show_progress=False, min_frequency=1
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def train(
    groups: Sequence[Sequence[str]], near: NearWords | None = None, *, epochs: int = EPOCHS
) -> tuple[Any, Any]:
    """The trained (tokenizer, table); the table has shape (vocabulary, dimension)."""
    import torch

    rng = random.Random(SEED)  # noqa: S311  (reproducible noise, not a secret)
    torch.manual_seed(SEED)
    torch.use_deterministic_algorithms(True)
    torch.set_num_threads(2)
    near = near or {}
    texts = [text for group in groups for text in group]
    tokenizer = train_tokenizer([*texts, *(text for said in near.values() for text in said)])
    size = tokenizer.get_vocab_size()
    table = torch.nn.EmbeddingBag(size, DIMENSION, mode="mean")
    with torch.no_grad():
        table.weight.copy_(initial_table(tokenizer, texts, size))
    optimizer = torch.optim.Adam(table.parameters(), lr=RATE)

    def embed(batch: list[str]) -> Any:
        encodings = [e.ids or [0] for e in tokenizer.encode_batch(batch, add_special_tokens=False)]
        offsets = np.cumsum([0] + [len(ids) for ids in encodings[:-1]])
        flat = torch.tensor([i for ids in encodings for i in ids])
        return torch.nn.functional.normalize(table(flat, torch.tensor(offsets)), dim=1)

    for epoch in range(epochs):
        losses = []
        for group in optimizer.param_groups:
            group["lr"] = RATE * (1 - epoch / epochs)
        for batch in batches(groups, near, rng):
            left, right = embed([a for a, _ in batch]), embed([b for _, b in batch])
            scores = left @ right.T / TEMPERATURE
            target = torch.arange(len(batch))
            cross = torch.nn.functional.cross_entropy
            loss = (cross(scores, target) + cross(scores.T, target)) / 2
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            losses.append(loss.item())
        print(f"epoch {epoch + 1:2}/{epochs}  loss {np.mean(losses):.4f}", flush=True)
    return tokenizer, table.weight.detach()


def initial_table(tokenizer: Any, texts: Sequence[str], size: int) -> Any:
    """Random directions, longer for rarer tokens: the mean starts as an idf-weighted one."""
    import torch

    seen = np.zeros(size)
    for encoding in tokenizer.encode_batch(list(texts), add_special_tokens=False):
        seen[list(set(encoding.ids))] += 1
    idf = np.log(1 + len(texts) / (1 + seen))
    directions = torch.nn.functional.normalize(torch.randn(size, DIMENSION), dim=1)
    return directions * torch.tensor(idf / idf.mean(), dtype=torch.float32)[:, None]


def save(tokenizer: Any, table: Any, directory: Path) -> None:
    """Write a SentenceTransformer that the library loads."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding

    embedding = StaticEmbedding(tokenizer, embedding_weights=table.numpy())
    SentenceTransformer(modules=[embedding, Normalize()], device="cpu").save(
        str(directory), create_model_card=False
    )


def main() -> None:
    """Train on the corpus and write the model where the application reads it."""
    root = Path(__file__).parents[2]
    parser = argparse.ArgumentParser(prog="python -m assistant.knowledge.training")
    parser.add_argument("--corpus", type=Path, default=root / "corpus")
    parser.add_argument("--out", type=Path, default=DEFAULT_MODEL)
    options = parser.parse_args()
    started = time.monotonic()
    units = load_corpus(options.corpus).units
    groups = training_texts(units, load_asked(options.corpus))
    print(f"{len(units)} units, {sum(map(len, groups))} texts")
    save(*train(groups, load_near_words(options.corpus)), options.out)
    print(f"written to {options.out} in {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
