"""One line of JSON from a measured process to the benchmark."""

import json
import time
from pathlib import Path


def report(started: float, **extra: object) -> None:
    """Print seconds since ``started``, the peak of this process in megabytes, and ``extra``."""
    print(
        json.dumps(
            {"seconds": time.perf_counter() - started, "megabytes": peak_megabytes(), **extra}
        )
    )


def peak_megabytes() -> float:
    """The most memory this process has held; a parent's, kept by ``ru_maxrss``, does not count."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(peak.split()[1]) / 1024
