"""Answers of several sides laid side by side, with how far apart they are (guide p. 57)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant.casefile import paths
from assistant.casefile.parties import Party
from assistant.casefile.provenance import origin_of
from assistant.drafting.documents import figures, markup
from assistant.drafting.documents.derived import GAP, folded
from assistant.drafting.documents.nodes import Column, Inlines, Table, Value, Words
from assistant.drafting.documents.template import Crossing, TableTemplate
from assistant.drafting.documents.values import Printer, clean
from assistant.typography import french

GAPS = "eval.ecarts"


@dataclass(slots=True)
class _Line:
    """One subject: the row that named it first, and the numbers of the rows of each side."""

    first: int
    rows: dict[str, list[int]] = field(default_factory=dict)


def crossed(printer: Printer, table: TableTemplate, by: Crossing, *, clause: str) -> Table:
    """A list as a crossed table; names are compared without case nor spaces to spare."""
    grid = _Grid(printer, table.liste or "", by)
    columns = (
        Column(titre=french(table.colonnes[0].titre)),
        *(Column(titre=clean(names[0]), nombre=True) for names in grid.sides.values()),
        Column(titre=french(by.ecart), nombre=True),
        Column(titre=french(by.commune)),
    )
    return Table(
        clause=clause, titre=french(table.titre), colonnes=columns, lignes=tuple(grid.lines())
    )


class _Grid:
    """The rows of a list, by subject and by side."""

    def __init__(self, printer: Printer, slot: str, by: Crossing) -> None:
        self._printer, self._slot, self._by = printer, slot, by
        self._rows: Sequence[Any] = paths.read(printer.facts, slot) or ()
        # the sides by key, with every name: parties in their order, then whoever else answered
        self.sides = {
            folded(names[0]): names for _, party in printer.parties if (names := _names(party))
        }
        for row in self._rows:
            name = getattr(row, by.colonnes)
            self.sides.setdefault(self._side(name), [name])

    def _side(self, name: str) -> str:
        wanted = folded(name)
        found = (key for key, names in self.sides.items() if wanted in map(folded, names))
        return next(found, wanted)

    def lines(self) -> list[tuple[Inlines, ...]]:
        """One line a subject, in the order of the first answers."""
        found: dict[str, _Line] = {}
        for number, row in enumerate(self._rows):
            subject = folded(getattr(row, self._by.lignes))
            line = found.setdefault(subject, _Line(number))
            line.rows.setdefault(self._side(getattr(row, self._by.colonnes)), []).append(number)
        return [self._line(line) for line in found.values()]

    def _line(self, line: _Line) -> tuple[Inlines, ...]:
        subject = self._inline(line.first, self._by.lignes)
        cells = [self._cell(line.rows.get(side, ())) for side in self.sides]
        return (subject, *cells, self._gap(line), ())

    def _inline(self, number: int, name: str) -> Inlines:
        value = getattr(self._rows[number], name)
        text = self._printer.any(f"{self._slot}.{number}.{name}", value)
        return markup.inline(text, self._printer.placed)

    def _mark(self, number: int) -> int | None:
        value = getattr(self._rows[number], self._by.valeur)
        return None if value is None else int(value)

    def _cell(self, numbers: Sequence[int]) -> Inlines:
        if not numbers:
            return (Words(texte=french(self._by.sans_reponse)),)
        marked = [n for n in numbers if self._mark(n) is not None]
        if not marked:
            return (Words(texte=french(self._by.sans_objet)),)
        found: list[Any] = []
        for number in marked:
            found += [Words(texte="\u202f; ")] if found else []
            found += self._inline(number, self._by.valeur)
        return tuple(found)

    def _gap(self, line: _Line) -> Inlines:
        """How far apart the sides are; nothing as long as one alone has answered."""
        by_side = [[m for n in rows if (m := self._mark(n)) is not None]
                   for rows in line.rows.values()]  # fmt: skip
        marks = [mark for side in by_side for mark in side]
        if len([side for side in by_side if side]) < 2:
            return ()
        span = max(marks) - min(marks)
        origin = origin_of(self._slot, self._printer.material.origins)
        text = figures.number(span)
        return (
            Value(slot=GAPS, texte=text, origine=origin, derive_de=(self._slot,), gras=span >= GAP),
        )


def _names(party: Party | None) -> list[str]:
    if party is None:
        return []
    return [n for n in (party.designation_courte, party.denomination, party.role) if n]
