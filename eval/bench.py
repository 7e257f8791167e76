"""``make bench``: ours and the default stack side by side, load, and growth.

Timings are ratios of runs interleaved in one go; the report says on what they were taken.
"""

import json
import os
import platform
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from assistant.bootstrap import build_engine, build_library
from assistant.knowledge.corpus import load_corpus
from assistant.knowledge.library import Chunk, ImportedDocument
from assistant.settings import Settings, load_settings
from eval.dataset import load_cases
from eval.load import measure
from eval.quality import revision

REPORT = Path(__file__).parents[1] / "docs" / "benchmark.md"
CODES = Path(__file__).parents[2] / "shared" / "data" / "codes_fr_distractors"
ROUNDS = 5
SIZES = (300, 3_000, 32_000)
FOUR = 4.0


def bench() -> int:
    """Measure, write docs/benchmark.md, and return 1 when a target is missed."""
    questions = [case.question for case in load_cases("dev") if case.answerable][:200]
    with tempfile.TemporaryDirectory() as directory:
        work = Path(directory)
        asked = work / "questions.json"
        asked.write_text(json.dumps(questions), encoding="utf-8")
        lines, failed = side_by_side(work, asked, questions[0])
        more, missed = under_load(work / "ours", questions)
        lines += more
        failed += missed
        lines += growth(work, asked)
    head = [
        "# Benchmark",
        "",
        f"Written by `make bench` on {revision()}, Python {platform.python_version()},"
        f" {os.cpu_count()} cores, {platform.machine()}. Do not edit.",
        "",
    ]
    REPORT.write_text("\n".join([*head, *lines, ""]), encoding="utf-8")
    print("\n".join(lines))
    for failure in failed:
        print(f"missed: {failure}", file=sys.stderr)
    return 1 if failed else 0


def side_by_side(work: Path, asked: Path, question: str) -> tuple[list[str], list[str]]:
    """Cold first answer (time, memory) and warm query, in interleaved processes."""
    settings = load_settings(data=work / "ours")
    text = work / "corpus.txt"
    units = load_corpus(settings.corpus).units
    text.write_text("\n\n".join(f"{u.title}\n{u.text}" for u in units), encoding="utf-8")
    started = time.perf_counter()
    build_engine(settings).close()
    built = time.perf_counter() - started
    theirs = _run("eval.default_stack", "build", str(work / "theirs"), str(text))
    cold: dict[str, list[dict[str, Any]]] = {"ours": [], "theirs": []}
    warm: dict[str, list[float]] = {"ours": [], "theirs": [], "answers": []}
    for _ in range(ROUNDS):
        cold["ours"].append(_run("eval.own_stack", "first", str(work / "ours"), question))
        cold["theirs"].append(_run("eval.default_stack", "first", str(work / "theirs"), question))
        warm["ours"] += _run("eval.own_stack", "warm", str(work / "ours"), str(asked))["times"]
        warm["answers"] += _run("eval.own_stack", "answer", str(work / "ours"), str(asked))["times"]
        warm["theirs"] += _run("eval.default_stack", "warm", str(work / "theirs"), str(asked))[
            "times"
        ]
    rows = [
        ("first answer from a cold process, s", *_medians(cold, "wall"), 2),
        ("memory to a first answer, MB", *_medians(cold, "megabytes"), 0),
        ("one query, warm: question to ranked units, ms",
         1000 * median(warm["ours"]), 1000 * median(warm["theirs"]), 2),
        ("the whole answer, warm (theirs: its search alone), ms",
         1000 * median(warm["answers"]), 1000 * median(warm["theirs"]), 2),
        ("first build of the index, s", built, theirs["wall"], 1),
    ]  # fmt: skip
    lines = [
        "## Side by side with the default stack",
        "",
        "langchain-chroma + all-MiniLM-L6-v2 + recursive splitter 1,000/200, over the text of"
        f" the same units; medians of {ROUNDS} interleaved runs.",
        "",
        "| | ours | default stack | ratio |",
        "|---|---|---|---|",
        *(f"| {name} | {a:.{d}f} | {b:.{d}f} | {b / a:.1f} |" for name, a, b, d in rows),
        "",
    ]
    failed = [f"{name}: ratio {b / a:.1f} < 4" for name, a, b, _ in rows[:3] if b / a < FOUR]
    return lines, failed


def _medians(runs: dict[str, list[dict[str, Any]]], key: str) -> tuple[float, float]:
    return median(r[key] for r in runs["ours"]), median(r[key] for r in runs["theirs"])


def under_load(data: Path, questions: Sequence[str]) -> tuple[list[str], list[str]]:
    """Thirty simultaneous questions over HTTP."""
    load = measure(data, questions)
    ordered = sorted(load.times)
    p95 = ordered[int(0.95 * len(ordered))]
    failed = []
    if p95 > 0.5:
        failed.append(f"p95 {p95:.3f} s > 0.5 s")
    if load.held > 0.05:
        failed.append(f"event loop held {1000 * load.held:.0f} ms > 50 ms")
    if load.errors:
        failed.append(f"{load.errors} errors under load")
    return [
        "## Thirty simultaneous questions over HTTP",
        "",
        f"{len(ordered)} answers: median {1000 * median(ordered):.0f} ms, p95 {1000 * p95:.0f} ms;"
        f" event loop held at most {1000 * load.held:.0f} ms; {load.errors} errors.",
        "",
    ], failed


def growth(work: Path, asked: Path) -> list[str]:
    """Search latency and memory as imported passages grow."""
    rows = []
    for size in SIZES:
        data = work / f"grow-{size}"
        settings = load_settings(data=data)
        _import(settings, size)
        started = time.perf_counter()
        build_engine(settings).close()
        built = time.perf_counter() - started
        run = _run("eval.own_stack", "grow", str(data), str(asked))
        times = sorted(run["times"])
        rows.append(
            f"| {size:,} | {built:.1f} | {run['opened']:.2f} | {1000 * median(times):.2f} |"
            f" {1000 * times[int(0.95 * len(times))]:.2f} | {run['megabytes']:.0f} |"
        )
    origin = "legal passages" if CODES.is_dir() else "generated passages"
    return [
        f"## Growth: cards and imported {origin}",
        "",
        "| passages | build s | open s | search median ms | p95 ms | peak MB |",
        "|---|---|---|---|---|---|",
        *rows,
        "",
    ]


def _import(settings: Settings, size: int) -> None:
    library = build_library(settings)
    chunks = []
    for number, text in enumerate(_passages()):
        if number == size:
            break
        chunks.append(Chunk(f"Article {number}", None, text[:1500]))
    for part in range(0, len(chunks), 4000):
        name = f"import-codes-{part}"
        library.save(
            ImportedDocument(name, name, name, "", None, tuple(chunks[part : part + 4000]))
        )


def _passages() -> Iterator[str]:
    if CODES.is_dir():
        for name in ("corpus.jsonl", "general.jsonl"):
            with (CODES / name).open(encoding="utf-8") as file:
                for line in file:
                    yield json.loads(line)["text"]
    rng = random.Random(3)
    words = [f"mot{n}" for n in range(20_000)]
    while True:
        yield " ".join(rng.choices(words, k=90))


def _run(module: str, *arguments: str) -> dict[str, Any]:
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        capture_output=True, text=True, check=False,
        env={**os.environ, "HF_HUB_OFFLINE": "1", "ANONYMIZED_TELEMETRY": "False"},
    )  # fmt: skip
    wall = time.perf_counter() - started
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return {**json.loads(done.stdout.strip().splitlines()[-1]), "wall": wall}
