"""How a script is played: « liar?seed=3&pace=20 » names one and its terms."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import parse_qsl


@dataclass(frozen=True, slots=True)
class Terms:
    """Times in seconds, pace in tokens a second (0: as fast as they are read)."""

    ttft: float = 0.0
    pace: float = 0.0
    length: int = 0  # sentences (thousands of characters for « huge »); 0: as the script has it
    seed: int = 0
    after: int = 12  # tokens before an accident
    fails: int = 0  # failures of a same request before it succeeds; 0: always fails
    retry_after: float = 1.0


class UnknownTerm(ValueError):
    """A term that no script has, or a value that is not its kind."""


def parsed(text: str) -> tuple[str, dict[str, float]]:
    """Read « name?term=value&… »; raises ``UnknownTerm``."""
    name, _, query = text.partition("?")
    kinds = {field.name: field.type for field in fields(Terms)}
    found: dict[str, float] = {}
    for key, value in parse_qsl(query, keep_blank_values=True):
        if key not in kinds:
            raise UnknownTerm(key)
        try:
            found[key] = int(value) if kinds[key] in (int, "int") else float(value)
        except ValueError as error:
            raise UnknownTerm(f"{key}={value}") from error
    return name, found


def agreed(*several: Mapping[str, Any]) -> Terms:
    """The terms that result, the last word winning."""
    terms = Terms()
    for some in several:
        terms = replace(terms, **some)
    return terms
