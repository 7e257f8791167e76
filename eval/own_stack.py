"""Our side of the benchmark, one process a measure, printing a line of JSON.

``first DATA QUESTION`` answers once from a cold process; ``warm DATA FILE`` times searches over
the cards and ``answer`` whole answers; ``grow`` times searches over cards and imports.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from eval.report import report

STARTED = time.perf_counter()


def main() -> None:
    """Run one of the measures."""
    from assistant.bootstrap import build_engine
    from assistant.settings import load_settings

    command, directory, argument = sys.argv[1:4]
    engine = build_engine(load_settings(data=Path(directory)))
    opened = time.perf_counter() - STARTED
    if command == "first":
        report(STARTED, answer=engine.answerer.answer(argument).answer[:80])
    else:
        questions = json.loads(Path(argument).read_text(encoding="utf-8"))
        measured: dict[str, Callable[[str], object]] = {
            "warm": engine.answerer.searcher.search,
            "answer": engine.answerer.answer,
            "grow": engine.answerer.passages,
        }
        ask = measured[command]
        ask(questions[0])
        times = []
        for question in questions:
            before = time.perf_counter()
            ask(question)
            times.append(time.perf_counter() - before)
        report(STARTED, times=times, opened=opened)
    engine.close()


if __name__ == "__main__":
    main()
