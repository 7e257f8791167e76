"""What providers' exceptions mean: by HTTP status and by name, so that none is imported."""

from collections.abc import Mapping
from typing import Any

from assistant.clock import Clock
from assistant.llm.port import Fault
from assistant.llm.resilience import AttemptFailed, retry_after

# status → what it means, and whether another attempt may work
STATUSES: Mapping[int, tuple[Fault, bool]] = {
    401: (Fault.KEY, False),
    402: (Fault.BUDGET, False),
    403: (Fault.KEY, False),
    408: (Fault.TIMEOUT, True),
    409: (Fault.BUSY, True),
    425: (Fault.BUSY, True),
    429: (Fault.BUSY, True),
    503: (Fault.BUSY, True),
    504: (Fault.TIMEOUT, True),
    529: (Fault.BUSY, True),
}
NO_CREDIT = {"insufficient_quota", "billing_hard_limit_reached"}
# In this order: a timeout while connecting is a timeout, a connection error is an API error.
NAMES: tuple[tuple[frozenset[str], Fault, bool], ...] = (
    (frozenset({"LengthFinishReasonError"}), Fault.CUT, False),
    (frozenset({"ContentFilterFinishReasonError", "OpenAIRefusalError"}), Fault.REFUSED, False),
    (frozenset({"ContextOverflowError"}), Fault.REFUSED, False),
    (frozenset({"TimeoutException", "APITimeoutError", "TimeoutError"}), Fault.TIMEOUT, True),
    (
        frozenset({"APIConnectionError", "TransportError", "ConnectionError", "SSLError"}),
        Fault.UNREACHABLE,
        True,
    ),
    (frozenset({"APIError", "OSError", "InvalidURL"}), Fault.UNREACHABLE, True),
    # What is not JSON, not UTF-8, not of the protocol.
    (
        frozenset({"ValueError", "TypeError", "LookupError", "AttributeError"}),
        Fault.MALFORMED,
        False,
    ),
)


def translated(error: Exception, clock: Clock) -> AttemptFailed:
    """Our word for a provider's exception; its own words may hold the prompt, and go no further."""
    if isinstance(error, AttemptFailed):
        return error
    status = _status(error)
    if status is not None:
        return _by_status(status, error, clock)
    names = {kind.__name__ for kind in type(error).__mro__}
    for known, fault, again in NAMES:
        if names & known:
            return AttemptFailed(fault, again=again)
    return AttemptFailed(Fault.UNKNOWN)


def _status(error: Exception) -> int | None:
    for holder in (error, getattr(error, "response", None)):
        status = getattr(holder, "status_code", None)
        if isinstance(status, int) and status >= 300:
            return status
    return None


def _by_status(status: int, error: Exception, clock: Clock) -> AttemptFailed:
    if status == 429 and _code(error) in NO_CREDIT:
        return AttemptFailed(Fault.BUDGET)
    if status in STATUSES:
        fault, again = STATUSES[status]
        headers = getattr(getattr(error, "response", None), "headers", None) or {}
        after = headers.get("retry-after")
        return AttemptFailed(fault, again=again, after=retry_after(after, clock))
    if status >= 500:
        return AttemptFailed(Fault.UNREACHABLE, again=True)
    if status < 400:  # a redirection: a key is not sent where we were not told to
        return AttemptFailed(Fault.UNREACHABLE)
    return AttemptFailed(Fault.REFUSED)


def _code(error: Any) -> str:
    return str(getattr(error, "code", None) or "")
