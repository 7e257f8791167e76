"""Slots by dotted name: read one, list them all, build facts out of answers."""

import types
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel

from assistant.casefile.facts import Facts, InvalidFacts, Problem

_PLACE_DIGITS = 3


def read(facts: BaseModel, path: str) -> Any:
    """What a slot holds: ``read(facts, "don.montant")``; None when nothing was given.

    A whole number in the path is an index in a list. Raises ``KeyError`` for an unknown slot.
    """
    found: Any = facts
    for part in path.split("."):
        if found is None:
            return None
        found = _step(found, part)
    return found


def _step(found: Any, part: str) -> Any:
    if isinstance(found, BaseModel):
        if part not in type(found).model_fields:
            raise KeyError(part)
        return getattr(found, part)
    if isinstance(found, Mapping):
        return found.get(part)
    if isinstance(found, tuple | list) and part.isdigit():
        return found[int(part)] if int(part) < len(found) else None
    raise KeyError(part)


def given(value: Any) -> bool:
    """Whether something was said: not None, and not « inconnu »; an empty list says « none »."""
    return value is not None and value not in ("inconnu", ("inconnu",))


def nested(values: Mapping[str, Any]) -> dict[str, Any]:
    """``{"don.montant": 8000}`` → ``{"don": {"montant": 8000}}``; longer names win over shorter.

    A whole number in a name is a place in a list: ``parties.1.siren``. Raises ``InvalidFacts`` for
    a place that no list of ours has.
    """
    tree: dict[str, Any] = {}
    far = tuple(Problem(path[:80], "inconnu") for path in values if not _near(path))
    if far:
        raise InvalidFacts(far)
    for path in sorted(values, key=lambda p: (p.count("."), p)):
        *parents, last = path.split(".")
        branch: Any = tree
        for part, following in zip(parents, path.split(".")[1:], strict=True):
            branch = _opened(branch, part, _copied(_held(branch, part), following))
        _opened(branch, last, values[path])
    return tree


def _near(path: str) -> bool:
    # what a person sends may name the place 99999999: it must not become a list that long
    return all(
        part.isascii() and len(part) <= _PLACE_DIGITS for part in path.split(".") if part.isdigit()
    )


def _held(branch: Any, part: str) -> Any:
    if isinstance(branch, list):
        return branch[int(part)] if int(part) < len(branch) else None
    return branch.get(part)


def _copied(held: Any, following: str) -> Any:
    # what was given stays as it was: only copies are written to
    if following.isdigit():
        return list(held) if isinstance(held, list | tuple) else []
    return dict(held) if isinstance(held, Mapping) else {}


def _opened(branch: Any, part: str, value: Any) -> Any:
    if isinstance(branch, list):
        branch.extend({} for _ in range(int(part) + 1 - len(branch)))
        branch[int(part)] = value
    else:
        branch[part] = value
    return value


@cache
def slots() -> tuple[str, ...]:
    """Every slot name, dotted; a list or a table by party is one slot."""
    return tuple(_names(Facts, ""))


@cache
def model_of(path: str) -> type[BaseModel] | None:
    """The block that a slot holds, or that its rows hold; None for a plain value.

    Raises ``KeyError`` for an unknown slot.
    """
    found: type[BaseModel] | None = Facts
    for part in path.split("."):
        if found is None or part not in found.model_fields:
            raise KeyError(path)
        found = _block(found.model_fields[part].annotation)
    return found


def _names(model: type[BaseModel], prefix: str) -> Iterator[str]:
    for name, field in model.model_fields.items():
        path = f"{prefix}{name}"
        block = _block(field.annotation)
        if block is None or _is_table(field.annotation):
            yield path
        else:
            yield path
            yield from _names(block, f"{path}.")


def _is_table(annotation: Any) -> bool:
    return any(get_origin(part) in (tuple, list, dict) for part in _parts(annotation))


def _block(annotation: Any) -> type[BaseModel] | None:
    for part in _parts(annotation):
        if isinstance(part, type) and issubclass(part, BaseModel):
            return part
        for inner in get_args(part):
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                return inner
    return None


def _parts(annotation: Any) -> list[Any]:
    origin = get_origin(annotation)
    if origin in (Union, types.UnionType):
        return [inner for part in get_args(annotation) for inner in _parts(part)]
    if hasattr(annotation, "__metadata__"):
        return _parts(get_args(annotation)[0])
    return [annotation]
