"""Facts of every shape: any slot, any allowed value, at random from a seed."""

import types
from datetime import date
from random import Random
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from assistant.casefile.facts import Facts

TEXTS = (
    "association",
    "La Ressourcerie",
    "Maison Tessier",
    "{p}",
    "SAS",
    "16216",
    "11580",
    "67000 Metz",
    "W442001234",
    "é«»'",
)
DAYS = (
    date(1901, 7, 1),
    date(2026, 11, 16),
    date(2027, 1, 31),
    date(2028, 2, 29),
    date(2200, 12, 31),
)
NUMBERS = (0, 1, 3, 24, 36, 100, 3650, 23_001, 160_000, 10_000_000)


def any_facts(seed: int) -> dict[str, Any]:
    """JSON-like facts, dense or sparse."""
    random = Random(seed)
    return _block(Facts, random, random.choice((0.05, 0.3, 0.8)))


def _block(model: type[BaseModel], random: Random, density: float) -> dict[str, Any]:
    kept = {}
    for name, field in model.model_fields.items():
        if name == "objectif_carre" or (not field.is_required() and random.random() > density):
            continue
        value = _value(field.annotation, [*field.metadata], random, density)
        if value is not None:
            kept[name] = value
    return kept


def _value(annotation: Any, metadata: list[Any], random: Random, density: float) -> Any:  # noqa: PLR0911
    origin = get_origin(annotation)
    if hasattr(annotation, "__metadata__"):
        inner = [*metadata, *annotation.__metadata__]
        return _value(get_args(annotation)[0], inner, random, density)
    if origin in (Union, types.UnionType):
        options = [part for part in get_args(annotation) if part is not type(None)]
        return _value(random.choice(options), metadata, random, density)
    if origin is Literal:
        return random.choice(get_args(annotation))
    if origin is tuple:
        inner = get_args(annotation)[0]
        return [_value(inner, [], random, density) for _ in range(random.randrange(3))]
    if origin is dict:
        inner = get_args(annotation)[1]
        return {
            key: _value(inner, [], random, density)
            for key in random.sample(TEXTS[:3], random.randrange(3))
        }
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _block(annotation, random, density)
    return _plain(annotation, metadata, random)


def _plain(annotation: Any, metadata: list[Any], random: Random) -> Any:
    if annotation is bool:
        return random.random() < 0.5
    if annotation is str:
        return random.choice(TEXTS)
    if annotation is date:
        return random.choice(DAYS)
    bounds = {
        name: getattr(part, name)
        for part in metadata
        for name in ("ge", "gt", "le")
        if hasattr(part, name)
    }
    for part in metadata:
        for piece in getattr(part, "metadata", ()):
            bounds |= {
                name: getattr(piece, name) for name in ("ge", "gt", "le") if hasattr(piece, name)
            }
    low = max(bounds.get("ge", 0), bounds.get("gt", -1) + 1)
    fitting = [n for n in NUMBERS if low <= n <= bounds.get("le", 10**9)]
    return random.choice(fitting)
