"""What the server saw: requests, tokens, streams, and when each client left."""

import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

KEPT = 500


@dataclass(slots=True)
class Seen:
    """One exchange; times are Unix seconds, ``end`` is done, left, cut or failed."""

    number: int
    script: str
    model: str
    stream: bool
    started: float
    status: int = 0
    tokens: int = 0
    first: float | None = None
    last: float | None = None
    ended: float | None = None
    end: str | None = None
    invented: tuple[str, ...] = ()


@dataclass(slots=True)
class Counters:
    """Totals, the last exchanges and what was said in them."""

    requests: int = 0
    tokens: int = 0
    aborted: int = 0
    open_streams: int = 0
    most_open_streams: int = 0
    by_script: Counter[str] = field(default_factory=Counter)
    by_status: Counter[int] = field(default_factory=Counter)
    exchanges: list[Seen] = field(default_factory=list)
    bodies: list[Any] = field(default_factory=list)

    def begin(self, script: str, body: Any) -> Seen:
        """Count a request in."""
        self.requests += 1
        self.by_script[script] += 1
        stream = bool(body.get("stream"))
        seen = Seen(self.requests, script, str(body.get("model")), stream, time.time())
        self.exchanges = [*self.exchanges[1 - KEPT :], seen]
        self.bodies = [*self.bodies[1 - KEPT :], body]
        self.open_streams += stream
        self.most_open_streams = max(self.most_open_streams, self.open_streams)
        return seen

    def token(self, seen: Seen) -> None:
        """Count a token out: it is what a provider would charge."""
        seen.last = time.time()
        seen.first = seen.first or seen.last
        seen.tokens += 1
        self.tokens += 1

    def finish(self, seen: Seen, end: str) -> None:
        """Count a request out."""
        seen.ended, seen.end = time.time(), end
        self.by_status[seen.status] += 1
        self.open_streams -= seen.stream
        self.aborted += end == "left"

    def shown(self) -> dict[str, Any]:
        """As the administration page gives them."""
        return {
            "now": time.time(),
            "requests": self.requests,
            "tokens": self.tokens,
            "aborted": self.aborted,
            "open_streams": self.open_streams,
            "most_open_streams": self.most_open_streams,
            "by_script": dict(self.by_script),
            "by_status": dict(self.by_status),
            "exchanges": [asdict(seen) for seen in self.exchanges],
        }
