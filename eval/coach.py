"""What a turn of the interview costs, and whether a long dossier costs more: side by side.

``python -m eval coach`` prints milliseconds of our own time (reading, deciding, keeping; the real
SQLite) for new dossiers and for one of 200 turns, turn and turn about in one run.
"""

import itertools
import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from assistant.bootstrap import build_coach
from assistant.clock import SystemClock
from assistant.coaching.workspace import Workspace
from assistant.settings import Settings, load_settings
from assistant.store.store import Store
from assistant.texts import load_texts

OWNER = "o" * 43
LONG = 200  # turns
ROUNDS = 100
MESSAGES = (
    "on est une petite association de quartier et une entreprise veut nous donner 8k",
    "en échange ils voudraient leur logo sur l'affiche et dix places",
    "je ne sais pas",
    "pourquoi cette question ?",
    "ce serait sur 3 ans à partir du 1er mars 2027",
    "en fait c'est 12 000 euros",
    "récapitule",
    "plus tard",
)


def _no_guide(question: str, *, actor: str | None) -> dict[str, Any]:
    del actor
    return {"status": "refused", "answer": question, "citations": []}


def _timed(workspace: Workspace, dossier: str, text: str) -> float:
    started = time.perf_counter()
    workspace.say(dossier, text, owner=OWNER, guide=_no_guide)
    workspace.view(dossier, owner=OWNER)
    return (time.perf_counter() - started) * 1000


def measure(settings: Settings) -> dict[str, float]:
    """Milliseconds a turn (message, reply, next page's state): first turns against late ones."""
    with tempfile.TemporaryDirectory() as directory:
        store = Store.open(Path(directory))
        coach = build_coach(settings, load_texts(settings.corpus))
        workspace = Workspace(store.dossiers, coach, SystemClock(), max_message=40_000)
        long = workspace.create(OWNER, title="long").id
        texts = itertools.cycle(MESSAGES)
        for _ in range(LONG):
            workspace.say(long, next(texts), owner=OWNER, guide=_no_guide)
        first, late = [], []
        for number in range(ROUNDS):
            text = MESSAGES[number % len(MESSAGES)]
            new = workspace.create(OWNER, title="court").id
            workspace.view(new, owner=OWNER)
            first.append(_timed(workspace, new, text))
            late.append(_timed(workspace, long, text))
        store.close()
    return {
        "first_median_ms": round(statistics.median(first), 2),
        "first_p95_ms": round(_p95(first), 2),
        "late_median_ms": round(statistics.median(late), 2),
        "late_p95_ms": round(_p95(late), 2),
        "ratio": round(statistics.median(late) / statistics.median(first), 2),
        "mean_ratio": round(statistics.mean(late) / statistics.mean(first), 2),
    }


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def main() -> int:
    """Print the figures as JSON."""
    print(json.dumps(measure(load_settings()), indent=1))
    return 0
