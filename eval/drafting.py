"""What drafting costs: rules, documents, files, thirty exports at once beside a question.

``python -m eval drafting`` prints seconds over the clean cases of the tests, in one run.
"""

import json
import statistics
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from assistant.bootstrap import build_engine, build_office
from assistant.casefile.facts import Facts, parse_facts
from assistant.drafting.office import Office
from assistant.settings import Settings, load_settings

CASES = Path(__file__).parent.parent / "tests" / "drafting" / "clean_cases.yaml"
TODAY = date(2026, 11, 21)
ROUNDS = 15
AT_ONCE = 30
QUESTION = "Quelles sont les sept étapes d'un partenariat ?"


def measure(settings: Settings) -> dict[str, float]:
    """Seconds: medians and worst over every case; the longest wait of a question meanwhile."""
    office = build_office(settings)
    cases = _cases(office)
    rules = [_timed(partial(office.check, facts, today=TODAY)) for _, facts in cases * ROUNDS]
    found = {"rules_median_s": statistics.median(rules), "rules_worst_s": max(rules)}
    for form in ("docx", "odt", "pdf"):
        made = [_timed(partial(_export, office, name, facts, form)) for name, facts in cases * 2]
        found[f"{form}_median_s"] = statistics.median(made)
        found[f"{form}_worst_s"] = max(made)
    return {
        name: round(value, 4) for name, value in {**found, **_together(office, cases)}.items()
    } | {"cases": len(cases)}


def _together(office: Office, cases: list[tuple[str, Facts]]) -> dict[str, float]:
    """Thirty exports at once, and what a question costs alone and while they are made."""
    engine = build_engine(load_settings())
    try:
        alone = [_timed(lambda: engine.answerer.answer(QUESTION)) for _ in range(20)]
        waits: list[float] = []
        done = threading.Event()

        def ask() -> None:
            while not done.is_set():
                waits.append(_timed(lambda: engine.answerer.answer(QUESTION)))
                time.sleep(0.02)

        asking = threading.Thread(target=ask)
        asking.start()
        started = time.perf_counter()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            jobs = [
                pool.submit(_export, office, *cases[n % len(cases)], ("docx", "pdf", "odt")[n % 3])
                for n in range(AT_ONCE)
            ]
            sizes = [len(job.result()) for job in jobs]
        elapsed = time.perf_counter() - started
        done.set()
        asking.join()
    finally:
        engine.close()
    assert all(sizes)
    return {
        "thirty_exports_s": elapsed,
        "question_alone_s": statistics.median(alone),
        "question_beside_p95_s": statistics.quantiles(waits, n=20)[-1],
    }


def _cases(office: Office) -> list[tuple[str, Facts]]:
    written = yaml.safe_load(CASES.read_text(encoding="utf-8"))
    return [
        (case["contrat"], parse_facts(json.loads(json.dumps(case["faits"], default=str))))
        for name, case in written.items()
        if name != "communs" and case["contrat"] in office.library.documents
    ]


def _export(office: Office, name: str, facts: Facts, form: str) -> bytes:
    return office.file(office.write(facts, name, today=TODAY), form)


def _timed(work: Callable[[], Any]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def main() -> int:
    """Print the figures as JSON."""
    print(json.dumps(measure(load_settings()), indent=1))
    return 0
