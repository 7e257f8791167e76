"""What the facts say of a slot: whether it exists, which values it may take.

A pattern is a slot name where ``[]`` marks the rows of a list and ``{}`` a table by party.
"""

import re
from functools import cache
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

from assistant.casefile import paths
from assistant.casefile.facts import Facts

_NUMBER = re.compile(r"\.\d+(?=\.|$)")


def pattern(path: str) -> str:
    """``parties.0.siren`` → ``parties[].siren``."""
    return _NUMBER.sub("[]", path)


def bare(name: str) -> str:
    """``parties[].siren`` → ``parties.siren``, as ``paths`` names it."""
    return name.replace("[]", "").replace("{}", "")


@cache
def exists(name: str) -> bool:
    """Whether the facts have such a slot."""
    return _annotation(name) is not None


def _annotation(name: str) -> Any:
    parent, _, last = bare(name).rpartition(".")
    try:
        model: type[BaseModel] | None = paths.model_of(parent) if parent else Facts
    except KeyError:
        return None
    if model is None or last not in model.model_fields:
        return None
    return model.model_fields[last].annotation


@cache
def choices(name: str) -> tuple[Any, ...]:
    """The values that a slot may take, when they are listed; empty for a free slot."""
    found = _literals(_annotation(name))
    return tuple(value for value in found if value != "inconnu")


def _literals(annotation: Any) -> list[Any]:
    if get_origin(annotation) is Literal:
        return list(get_args(annotation))
    if hasattr(annotation, "__metadata__"):
        return _literals(get_args(annotation)[0])
    return [value for part in get_args(annotation) for value in _literals(part)]
