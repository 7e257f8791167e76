"""Slots and values as people read them: amounts, dates, lists, rows."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from assistant.casefile.labels import Labels, load_labels, without_places
from assistant.casefile.shape import kind
from assistant.typography import french

MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
    "octobre", "novembre", "décembre",
)  # fmt: skip
_THIN = "\u202f"


class Display:
    """French for one slot or one value; never raises for a value that facts accept."""

    def __init__(self, labels: Labels) -> None:
        self.labels = labels

    def label(self, path: str) -> str:
        """The short name of a slot or of a column; raises ``KeyError``."""
        return self.labels.name(path)

    def label_of(self, path: str) -> str:
        """The same, or the nearest name around it, or the path itself: for what may not exist."""
        name = path
        while name:
            try:
                return self.labels.name(name)
            except KeyError:
                name = name.rpartition(".")[0]
        return path

    def help(self, path: str) -> str | None:
        """How to fill a slot."""
        return self.labels.of(path).aide

    def value(self, path: str, value: Any) -> str:
        """A value of ``path``, as JSON or as ``Facts`` holds it; places in lists do not matter."""
        path = without_places(path)
        if isinstance(value, BaseModel):
            return self._block(path, {n: getattr(value, n) for n in type(value).model_fields})
        if isinstance(value, Mapping):
            if kind(path) == "par_partie":
                return "\n".join(f"{n} : {self._one(path, v)}" for n, v in value.items())
            return self._block(path, value)
        if isinstance(value, list | tuple):
            return self._many(path, value)
        return self._one(path, value)

    def _many(self, path: str, values: list[Any] | tuple[Any, ...]) -> str:
        if not values:
            return self.labels.value("flux", "aucun")
        shown = [self.value(path, value) for value in values]
        long = any(len(text) > 60 or "\n" in text for text in shown)
        return "\n".join(f"– {text}" for text in shown) if long else ", ".join(shown)

    def _block(self, path: str, held: Mapping[str, Any]) -> str:
        named = [
            f"{self.label(f'{path}.{name}')} : {self.value(f'{path}.{name}', value)}"
            for name, value in held.items()
            if value is not None
        ]
        return french(" ; ".join(named))

    def _one(self, path: str, value: Any) -> str:
        if isinstance(value, list | tuple):
            return ", ".join(self._one(path, v) for v in value)
        held = kind(path)
        day = as_day(value) if held in ("date", "liste") else None
        if day is not None:
            return long_date(day)
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            return self.labels.value(path, value)
        if self.labels.values(path):
            return self.labels.value(path, value)
        unit = {"montant": f"{_THIN}€", "pourcentage": f"{_THIN}%"}.get(held, "")
        return f"{grouped(value, cents=held == 'montant')}{unit}"


def load_display(corpus: Path) -> Display:
    """Over the labels of a content directory; raises ``InvalidContent``."""
    return Display(load_labels(corpus))


def grouped(value: float | Decimal, *, cents: bool = False) -> str:
    """15000.5 → « 15 000,50 » with ``cents``, else « 15 000,5 »."""
    number = Decimal(str(value))
    if number == number.to_integral_value():
        text = f"{int(number):,}"
    else:
        text = f"{number:,.2f}" if cents else f"{number.normalize():,f}"
    return text.replace(",", _THIN).replace(".", ",")


def long_date(day: date) -> str:
    """« 1er mars 2027 »."""
    return f"{'1er' if day.day == 1 else day.day} {MONTHS[day.month - 1]} {day.year}"


def as_day(value: Any) -> date | None:
    """A day out of a day or of its ISO form; None for anything else."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
