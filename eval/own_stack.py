"""Our side of the benchmark, one process a measure, printing a line of JSON.

``first DATA QUESTION`` answers once from a cold process; ``warm DATA FILE`` times whole
answers; ``grow DATA FILE`` times searches over the imported passages of a data directory.
"""

import json
import resource
import sys
import time
from pathlib import Path

STARTED = time.perf_counter()


def main() -> None:
    """Run one of the measures."""
    from assistant.bootstrap import build_engine
    from assistant.settings import load_settings

    command, directory, argument = sys.argv[1:4]
    engine = build_engine(load_settings(data=Path(directory)))
    opened = time.perf_counter() - STARTED
    if command == "first":
        report(answer=engine.answerer.answer(argument).answer[:80])
    else:
        questions = json.loads(Path(argument).read_text(encoding="utf-8"))
        ask = engine.answerer.answer if command == "warm" else engine.answerer.passages
        ask(questions[0])
        times = []
        for question in questions:
            before = time.perf_counter()
            ask(question)
            times.append(time.perf_counter() - before)
        report(times=times, opened=opened)
    engine.close()


def report(**extra: object) -> None:
    """Print seconds since the process began to run, peak megabytes, and ``extra``."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": time.perf_counter() - STARTED, "megabytes": peak, **extra}))


if __name__ == "__main__":
    main()
