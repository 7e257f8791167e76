"""Slow down who guesses: failures are counted by address, successes never."""

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import TypeVar

from fastapi import Request

from assistant.errors import CallerError, NotFound

T = TypeVar("T")
ADDRESSES = 10_000  # remembered


class TooManyTries(CallerError):
    """Too many wrong guesses from one address."""

    code = "trop_de_tentatives"
    status = 429


class Limiter:
    """At most ``rate`` failures every ``per`` seconds from one address; then nothing is tried.

    A whole room comes from one address: successes do not count.
    """

    def __init__(
        self, *, rate: int, per: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rate = rate
        self._per = per
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def guarding(self, address: str, guess: Callable[[], T]) -> T:
        """The result of ``guess``, whose ``NotFound`` counts; raises ``TooManyTries``."""
        if self._allowed(address) < 1:
            raise TooManyTries
        try:
            return guess()
        except NotFound:
            self._left[address] = (self._allowed(address) - 1, self._clock())
            self._left.move_to_end(address)
            while len(self._left) > ADDRESSES:
                self._left.popitem(last=False)
            raise

    def _allowed(self, address: str) -> float:
        left, since = self._left.get(address, (float(self._rate), self._clock()))
        return min(self._rate, left + (self._clock() - since) * self._rate / self._per)


def client_of(request: Request) -> str:
    """The address that a request comes from."""
    return request.client.host if request.client else ""
