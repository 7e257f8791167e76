"""What clauses can say: the helpers of the template language, at the root and on one row."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from assistant.casefile import paths
from assistant.casefile.base import Block
from assistant.drafting.documents import figures, schema
from assistant.drafting.documents.conditions import REGISTRY
from assistant.drafting.documents.language import ROOT_HELPERS
from assistant.drafting.documents.logic import View
from assistant.drafting.documents.nodes import Words
from assistant.drafting.documents.values import Printer

Scalar = Callable[[Any], str]


class Scope:
    """Helpers that read slots under a prefix: "" at the root, ``parties.0`` on a row."""

    def __init__(self, printer: Printer, prefix: str = "", row: Block | None = None) -> None:
        self._printer = printer
        self._prefix = f"{prefix}." if prefix else ""
        self._row = row
        self._view = View(printer.facts, row)

    def _slot(self, name: str) -> str:
        return self._prefix + name

    def _value(self, name: str) -> Any:
        if not self._prefix:
            value = paths.read(self._printer.facts, name)
        else:
            value = None if self._row is None else paths.read(self._row, name)
        return value if paths.given(value) else None

    def _said(self, name: str, form: Scalar) -> str:
        value = self._value(name)
        return self._printer.scalar(self._slot(name), None if value is None else form(value))

    def v(self, name: str) -> str:
        """The value as words."""
        return self._printer.any(self._slot(name), self._value(name))

    def montant(self, name: str) -> str:
        """An amount in figures."""
        return self._said(name, figures.amount)

    def lettres(self, name: str) -> str:
        """An amount in words."""
        return self._said(name, figures.in_words)

    def date(self, name: str) -> str:
        """A date in full."""
        return self._said(name, figures.day)

    def jours(self, name: str) -> str:
        """A number of days."""
        return self._said(name, figures.days)

    def mois(self, name: str) -> str:
        """A number of months."""
        return self._said(name, figures.months)

    def pourcent(self, name: str) -> str:
        """A percentage."""
        return self._said(name, figures.percent)

    def liste(self, name: str) -> str:
        """One item for each element."""
        return self._printer.items(self._slot(name), self._value(name))

    def premier(self, *names: str) -> str:
        """The first that is known; the first of all when none is."""
        return self.v(next((n for n in names if self._value(n) is not None), names[0]))

    def connu(self, name: str) -> bool:
        """Whether the slot has an answer other than « none »."""
        return self._value(name) not in (None, ())

    def inconnu(self, name: str) -> bool:
        """Whether nothing at all was said."""
        return self._value(name) is None

    def vaut(self, name: str, *values: Any) -> bool:
        """Whether the slot has one of these values."""
        return self._value(name) in values

    def condition(self, name: str) -> bool:
        """Whether a named condition is certainly true."""
        return bool(REGISTRY[name](self._view))


class Row(Scope):
    """One party or one line of a list."""

    @property
    def nom(self) -> str:
        """The short name of a party, or its full name."""
        for name in ("designation_courte", "denomination"):
            if self.connu(name):
                return self.v(name)
        return self.v("designation_courte")


class PartyEntry:
    """One value of a table by party: ``p.nom``, ``p.valeur``, ``p.liste``."""

    def __init__(self, printer: Printer, slot: str, name: str, value: Any) -> None:
        self.nom = name
        self._printer, self._slot, self._value = printer, slot, value

    @property
    def valeur(self) -> str:
        """The value as words."""
        return self._printer.any(self._slot, self._value)

    @property
    def liste(self) -> str:
        """One item for each element."""
        return self._printer.items(self._slot, self._value)


class Root(Scope):
    """The helpers of a clause."""

    def lignes(self, slot: str) -> list[Row]:
        """The rows of a list; one empty row when it is unknown, so that the gap shows."""
        rows = self._value(slot)
        if rows is None:
            return [Row(self._printer, f"{slot}.0")]
        return [Row(self._printer, f"{slot}.{n}", row) for n, row in enumerate(rows)]

    @property
    def parties(self) -> list[Row]:
        """Every party, given or expected."""
        return [Row(self._printer, f"parties.{n}", row) for n, row in self._printer.parties]

    def par_partie(self, slot: str) -> list[PartyEntry]:
        """One entry a party; names that are no party's come last."""
        table: Mapping[str, Any] = self._value(slot) or {}
        return list(self._entries(slot, table))

    def _entries(self, slot: str, table: Mapping[str, Any]) -> Iterator[PartyEntry]:
        used: set[str] = set()
        for number, party in self._printer.parties:
            key = self._printer.key_of(party, table)
            used |= {key} if key else set()
            name = Row(self._printer, f"parties.{number}", party).nom
            place = f"{slot}.{key}" if key else f"{slot}.{number}"
            yield PartyEntry(self._printer, place, name, table.get(key) if key else None)
        for key in table:
            if key not in used:
                name = self._printer.place(Words(texte=key))
                yield PartyEntry(self._printer, f"{slot}.{key}", name, table[key])

    def nom(self, role: str) -> str:
        """The short name of the party that has this role."""
        for number, party in self._printer.parties:
            if self._printer.role_of(number) == role:
                return Row(self._printer, f"parties.{number}", party).nom
        return self._printer.role_missing(role)

    def calcul(self, name: str) -> str:
        """A computed value."""
        return self._printer.computed(name)

    def parametre(self, key: str) -> str:
        """A dated figure, with its reserve."""
        return self._printer.parameter(key)

    def libelle(self, slot: str) -> str:
        """The label of a slot."""
        return self._printer.place(Words(texte=self._printer.label(slot)))

    def choix(self, slot: str, value: Any) -> str:
        """The words of one value."""
        return self._printer.place(Words(texte=self._printer.words(schema.pattern(slot), value)))


def context(root: Root) -> dict[str, Any]:
    """The names that a clause sees."""
    names: dict[str, Any] = {name: getattr(root, name) for name in ROOT_HELPERS}
    return names | {"parties": root.parties}


__all__ = ["Root", "Row", "Scope", "context"]
