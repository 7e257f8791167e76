"""What each slot holds: its kind, its allowed values, the columns of its rows."""

from collections.abc import Container, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from assistant.casefile.facts import Facts
from assistant.casefile.paths import model_of, slots

Kind = Literal[
    "choix",  # one of the allowed values
    "multi",  # several of the allowed values
    "oui_non",
    "date",
    "montant",  # euros
    "pourcentage",
    "nombre",
    "texte",
    "liste",  # texts, days or numbers
    "tableau",  # rows: see ``columns``
    "par_partie",  # one value for each party, by its short name
    "bloc",  # slots that belong together
]

_BOUNDS = ("ge", "le", "max_digits")


@cache
def paths() -> tuple[str, ...]:
    """Every slot, then every column of every table, without index: ``parties.siren``."""
    known = slots()
    found = dict.fromkeys(known)
    found.update(dict.fromkeys(_walk(Facts, "")))
    return tuple(found)


def _walk(model: type[BaseModel], prefix: str) -> Iterator[str]:
    for name in model.model_fields:
        path = f"{prefix}{name}"
        yield path
        inner = model_of(path)
        if inner is not None:
            yield from _walk(inner, f"{path}.")


@cache
def columns(path: str) -> tuple[str, ...]:
    """What a row of the table ``path`` may hold, by name within the row, dotted when nested.

    Empty for anything but a table. Raises ``KeyError`` for an unknown path.
    """
    model = model_of(path)
    if model is None or kind(path) != "tableau":
        return ()
    return tuple(name.removeprefix(f"{path}.") for name in _walk(model, f"{path}."))


@cache
def kind(path: str) -> Kind:
    """How a person fills ``path``; raises ``KeyError`` for an unknown path."""
    field = _field(path)
    shell = _bare(field.annotation)
    origin = get_origin(shell)
    if origin is dict:
        return "par_partie"
    if origin is tuple:
        return _kind_of_many(_bare(get_args(shell)[0]))
    return _kind_of_one(shell, _notes(field))


def _kind_of_many(item: Any) -> Kind:
    if get_origin(item) is Literal:
        return "multi"
    return "tableau" if _is_block(item) else "liste"


def _kind_of_one(leaf: Any, notes: Mapping[str, Any]) -> Kind:
    if get_origin(leaf) is Literal:
        return "choix"
    if _is_block(leaf):
        return "bloc"
    if leaf is Decimal and "max_digits" in notes:
        return "pourcentage" if notes.get("le") == 100 else "montant"
    simple: dict[Any, Kind] = {
        bool: "oui_non", date: "date", int: "nombre", Decimal: "nombre",
    }  # fmt: skip
    return simple.get(leaf, "texte")


def leaves(
    tree: Mapping[str, Any], *, whole: Container[str] = (), prefix: str = ""
) -> Iterator[tuple[str, Any]]:
    """Nested values as dotted slots: ``{"don": {"montant": 8}}`` → ``("don.montant", 8)``.

    Blocks named in ``whole``, tables and what no slot is called stay as they are.
    """
    for name, value in tree.items():
        slot = f"{prefix}{name}"
        if isinstance(value, Mapping) and slot not in whole and _holds_slots(slot):
            yield from leaves(value, whole=whole, prefix=f"{slot}.")
        else:
            yield slot, value


def _holds_slots(path: str) -> bool:
    try:
        return kind(path) == "bloc"
    except KeyError:
        return False


@cache
def literals(path: str) -> tuple[str, ...]:
    """The allowed values of an enumerated slot, one or several; empty when it is open."""
    shell = _bare(_field(path).annotation)
    item = _bare(get_args(shell)[0]) if get_origin(shell) is tuple else shell
    return tuple(get_args(item)) if get_origin(item) is Literal else ()


@cache
def degrees(path: str) -> tuple[int, ...]:
    """The marks of a short scale (1 to 4, 1 to 5); empty for any other slot."""
    field = _field(path)
    notes = _notes(field)
    low, high = notes.get("ge"), notes.get("le")
    if _bare(field.annotation) is not int or low is None or high is None or high - low > 10:
        return ()
    return tuple(range(low, high + 1))


def _field(path: str) -> FieldInfo:
    *parents, last = path.split(".")
    model = model_of(".".join(parents)) if parents else Facts
    if model is None or last not in model.model_fields:
        raise KeyError(path)
    return model.model_fields[last]


def _is_block(leaf: Any) -> bool:
    return isinstance(leaf, type) and issubclass(leaf, BaseModel)


def _bare(annotation: Any) -> Any:
    """Without None, without what is annotated."""
    if hasattr(annotation, "__metadata__"):
        return _bare(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        (inner,) = (part for part in get_args(annotation) if part is not NoneType)
        return _bare(inner)
    return annotation


def _notes(field: FieldInfo) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for note in (*field.metadata, *_metadata(field.annotation)):
        for inner in note.metadata if isinstance(note, FieldInfo) else (note,):
            found |= {n: getattr(inner, n) for n in _BOUNDS if hasattr(inner, n)}
    return found


def _metadata(annotation: Any) -> Iterator[Any]:
    if hasattr(annotation, "__metadata__"):
        yield from annotation.__metadata__
        yield from _metadata(get_args(annotation)[0])
    elif get_origin(annotation) in (Union, UnionType):
        for part in get_args(annotation):
            yield from _metadata(part)
