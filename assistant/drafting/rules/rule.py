"""What a rule is: a condition over facts, under the id that domain/conventions.md §2 gives it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from assistant.casefile.facts import Facts
from assistant.drafting.parameters import Parameters


class Severity(StrEnum):
    """How much it matters; the values are published."""

    BLOCKING = "bloquant"
    ALERT = "alerte"
    ADVICE = "conseil"


@dataclass(frozen=True, slots=True)
class Context:
    """What a rule may look at. ``contract`` is the slug of the document, None when undecided.

    ``recommended`` is the contract that the diagnosis leads to; ``origins`` says where the value
    of each slot comes from (None: not asked); ``notice`` whether the document warns its reader.
    """

    facts: Facts
    contract: str | None
    parameters: Parameters
    today: date
    recommended: str | None = None
    origins: Mapping[str, Any] | None = None
    notice: bool | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that fires: the slots it looked at, and what its message says of this case.

    ``severity`` replaces the one of the content where a rule has two (MEC-03).
    """

    slots: tuple[str, ...]
    details: dict[str, Any] = field(default_factory=dict)
    severity: Severity | None = None


Condition = Callable[[Context], Iterator[Hit]]
_CONDITIONS: dict[str, Condition] = {}


def rule(identifier: str) -> Callable[[Condition], Condition]:
    """Register a condition under its id; the same id twice is a mistake of ours."""

    def register(condition: Condition) -> Condition:
        if identifier in _CONDITIONS:
            raise ValueError(identifier)
        _CONDITIONS[identifier] = condition
        return condition

    return register


def conditions() -> dict[str, Condition]:
    """Every condition by id. Modules register when ``drafting.rules.catalogue`` imports them."""
    return dict(_CONDITIONS)
