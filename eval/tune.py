"""Set the ranking weights on the development set, by random search around the present ones."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.bootstrap import Engine
from assistant.knowledge.query import Query
from assistant.knowledge.search import Context, Searcher, Weights
from eval.dataset import Case, load_cases
from eval.scorers import covered

Array = NDArray[np.float64]
SEED = 5


@dataclass(frozen=True)
class Signals:
    """The raw arrays of one question over every unit, and which units answer it."""

    query: Query
    arms: NDArray[np.float32]  # (5, units), in the order of search.ARMS
    relevant: NDArray[np.bool_]


def gather(engine: Engine, cases: Sequence[Case]) -> list[Signals]:
    """Read the signals of answerable single-section cases that some unit answers in full."""
    searcher = engine.answerer.searcher
    texts = [f"{unit.title} {unit.text}" for unit in searcher.shelf.units]
    gathered = []
    for case in cases:
        if case.kind in {"unanswerable", "multi"}:
            continue
        query = searcher.reader.read(case.question, actor=case.actor)
        relevant = np.array([covered(text, case.facts) == len(case.facts) for text in texts])
        relevant &= np.array([bool(unit.references) for unit in searcher.shelf.units])
        if relevant.any():
            gathered.append(Signals(query, np.stack(searcher.signals(query)), relevant))
    return gathered


def tune(engine: Engine, *, rounds: int = 3000) -> dict[str, Any]:
    """Random search around the present weights for the best mean reciprocal rank."""
    signals = gather(engine, load_cases("dev"))
    searcher = engine.answerer.searcher
    rng = random.Random(SEED)
    best = Weights()
    best_score = _score(searcher, signals, best)
    print(f"{len(signals)} cases; now {best_score:.4f}")
    for _ in range(rounds):
        trial = _near(best, rng)
        score = _score(searcher, signals, trial)
        if score > best_score:
            best, best_score = trial, score
            print(f"{score:.4f} {trial}")
    return {"weights": best.__dict__, "score": best_score}


def _near(weights: Weights, rng: random.Random) -> Weights:
    values = dict(weights.__dict__)
    for name in rng.sample([n for n in values if n not in {"step", "conversation"}], 2):
        if name == "kinds":
            kinds = dict(values["kinds"])
            kind = rng.choice(list(kinds))
            kinds[kind] = round(kinds[kind] + rng.gauss(0, 0.03), 3)
            values["kinds"] = kinds
        else:
            scale = 0.03 if "actor" in name else 0.1
            values[name] = round(values[name] + rng.gauss(0, scale), 3)
    return Weights(**values)


def _score(searcher: Searcher, signals: Sequence[Signals], weights: Weights) -> float:
    tried = Searcher(searcher.shelf, searcher.reader, searcher.embedder, weights=weights)
    total = 0.0
    for one in signals:
        fused = tried.fused(one.query, tuple(one.arms), Context())
        order = np.argsort(-fused, kind="stable")[:10]
        hits = one.relevant[order]
        first = int(np.argmax(hits)) if hits.any() else None
        total += (
            0.0 if first is None else 0.6 * (first == 0) + 0.4 * (first < 5) / (1 + 0.1 * first)
        )
    return total / len(signals)
