"""What this project asks of a language model, whoever makes it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeVar

from pydantic import BaseModel

T = TypeVar("T", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is sent: ``name`` is its template, ``digest`` changes whenever the template does."""

    name: str
    system: str
    user: str
    digest: str


class Fault(StrEnum):
    """Why a model gave nothing that can be used."""

    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    KEY = "key"
    BUSY = "busy"
    BUDGET = "budget"
    REFUSED = "refused"
    MALFORMED = "malformed"
    CUT = "cut"
    RESTING = "resting"  # the breaker is open: too many failures in a row
    UNKNOWN = "unknown"


class ModelFailed(Exception):
    """The model is of no use this time; the caller goes on without it."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class LanguageModel(Protocol):
    """The one seam; ``name`` is what answers record of it.

    ``conversation`` names whose spending limit a call counts against, None for nobody's.
    Both methods raise ``ModelFailed`` and nothing else; closing the iterator stops the cost.
    """

    @property
    def name(self) -> str:
        """Provider and model, as the setting says it."""
        ...

    def stream(self, prompt: Prompt, *, conversation: str | None = None) -> AsyncIterator[str]:
        """The text, as it comes."""
        ...

    async def complete(
        self, prompt: Prompt, schema: type[T], *, conversation: str | None = None
    ) -> T:
        """One value of ``schema``, checked."""
        ...
