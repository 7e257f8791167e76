"""Facts as printed values: each with its slot and origin, or a visible gap."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from assistant.casefile.facts import Facts
from assistant.casefile.parties import Party
from assistant.casefile.provenance import Origin, origin_of
from assistant.drafting.documents import figures, schema
from assistant.drafting.documents.derived import FORMULAS
from assistant.drafting.documents.language import mark
from assistant.drafting.documents.markup import Placed
from assistant.drafting.documents.nodes import Missing, Note, Position, Value
from assistant.drafting.documents.template import DocumentTemplate, TemplateLibrary
from assistant.typography import french

_KEPT_CONTROLS = "\n\t"


class ParameterSource(Protocol):
    """The dated figures of ``corpus/parametres.yaml``."""

    def shown(self, path: str, today: date) -> str:
        """One figure with its unit and what must accompany it; raises ``KeyError``."""
        ...

    def mention(self, path: str, today: date) -> str:
        """What must accompany the figure; empty when it stands; raises ``KeyError``."""
        ...


@dataclass(frozen=True, slots=True)
class Material:
    """Everything a draft is made from, beside the facts."""

    library: TemplateLibrary
    labels: Mapping[str, str]
    parameters: ParameterSource | None
    today: date
    origins: Mapping[str, Origin]
    negotiations: Mapping[str, tuple[Position, ...]]
    questions: Mapping[str, str]
    choices: Mapping[str, Mapping[Any, str]]


def _printable(character: str) -> bool:
    if character in _KEPT_CONTROLS:
        return True
    return unicodedata.category(character) not in ("Cc", "Cs") and character not in "\ufffe\uffff"


def clean(text: str) -> str:
    """Without the control characters that no document can hold; a line ends with LF alone."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(character for character in text if _printable(character))


@dataclass(slots=True)
class Printer:
    """Turns slots into nodes for one document, and remembers where each was placed."""

    facts: Facts
    document: DocumentTemplate
    material: Material
    placed: list[Placed] = field(default_factory=list)
    cleaned: dict[str, None] = field(default_factory=dict)

    @property
    def parties(self) -> list[tuple[int, Party | None]]:
        """Parties in the order of the expected roles, then the others; gaps for absent ones."""
        given = list(enumerate(self.facts.parties or ()))
        expected = list(self.document.roles)
        rank = {role: n for n, role in enumerate(expected)}
        given.sort(key=lambda item: (rank.get(item[1].role or "", len(rank)), item[0]))
        missing = max(len(expected), 2) - len(given)
        return [*given, *((len(given) + n, None) for n in range(max(missing, 0)))]

    def role_of(self, number: int) -> str | None:
        """The role of a party, or the expected one that a gap stands for."""
        given = self.facts.parties or ()
        if number < len(given):
            return given[number].role
        taken = {p.role for p in given}
        absent = [role for role in self.document.roles if role not in taken]
        rank = number - len(given)
        return absent[rank] if rank < len(absent) else None

    @staticmethod
    def key_of(party: Party | None, table: Mapping[str, Any]) -> str | None:
        """The key that a table by party uses for this one."""
        if party is None:
            return None
        names = (party.designation_courte, party.denomination, party.role)
        return next((name for name in names if name in table), None)

    def place(self, node: Placed) -> str:
        """Keep a node, give the mark that stands for it."""
        self.placed.append(node)
        return mark(len(self.placed) - 1)

    def label(self, slot: str) -> str:
        """How people call a slot; the party is named when there are several."""
        name = schema.pattern(slot)
        labels = self.material.labels
        found = next((labels[n] for n in (slot, name, schema.bare(name)) if n in labels), None)
        text = found or name.rpartition(".")[2].replace("_", " ").strip("[]{}")
        return french(text + self._whose(slot))

    def _whose(self, slot: str) -> str:
        head, _, rest = slot.partition(".")
        number = rest.partition(".")[0]
        if head != "parties" or not number.isdigit():
            return ""
        role = self.role_of(int(number))
        who = self.material.library.roles.get(role or "")
        return f" ({who})" if who else f" ({int(number) + 1})"

    def words(self, name: str, value: Any) -> str | None:
        """The words of a listed value; None for a slot that is free."""
        if isinstance(value, bool):
            texts = self.material.library.textes
            return french(texts["oui"] if value else texts["non"])
        library = self.material.library
        choices = library.roles if name == "parties[].role" else library.words(self.document, name)
        found = choices.get(value, self.material.choices.get(schema.bare(name), {}).get(value))
        return None if found is None else french(found)

    def missing(self, slot: str) -> str:
        """The gap that stands for a value nobody gave."""
        return self._gap(slot, self.label(slot))

    def role_missing(self, role: str) -> str:
        """The gap that stands for the name of a party nobody named."""
        return self._gap("parties", french(self.material.library.roles.get(role, role)))

    def _gap(self, slot: str, label: str) -> str:
        argued = schema.pattern(slot) in self.material.negotiations
        form = self.material.library.textes["negocier" if argued else "manquant"]
        text = french(form.format(libelle=label))
        return self.place(Missing(slot=slot, libelle=label, texte=text, a_negocier=argued))

    def _node(self, slot: str, text: str) -> Value:
        kept = clean(text)
        if kept != text.replace("\r\n", "\n").replace("\r", "\n"):
            self.cleaned[self.label(slot)] = None
        return Value(slot=slot, texte=kept, origine=origin_of(slot, self.material.origins))

    def scalar(self, slot: str, text: str | None) -> str:
        """A value already in words, or its gap; a point under negotiation has no value yet."""
        if text is None or schema.pattern(slot) in self.material.negotiations:
            return self.missing(slot)
        return self.place(self._node(slot, text))

    def _one(self, slot: str, value: Any) -> str:
        return self.words(schema.pattern(slot), value) or figures.plain(value)

    def any(self, slot: str, value: Any) -> str:
        """A value of any type as words; a list is joined."""
        if isinstance(value, tuple):
            return self.items(slot, value)
        return self.scalar(slot, None if value is None else self._one(slot, value))

    def items(self, slot: str, value: Any) -> str:
        """A list as separate values; « aucun » when it is empty."""
        if value is None or schema.pattern(slot) in self.material.negotiations:
            return self.missing(slot)
        if not isinstance(value, tuple):
            return self.any(slot, value)
        if not value:
            return self.scalar(slot, french(self.material.library.textes["aucun"]))
        nodes = []
        for number, item in enumerate(value):
            words = self.words(schema.pattern(slot), item)
            nodes.append(self._node(f"{slot}.{number}", words or figures.plain(item)))
        return self.place(tuple(nodes))

    def computed(self, name: str) -> str:
        """A computed value, or the gap of the first slot that it lacks."""
        result = FORMULAS[name](self.facts)
        if result.text is None:
            return self.missing(result.slots[0])
        origin = origin_of(result.slots[0], self.material.origins)
        node = Value(slot=name, texte=result.text, origine=origin, derive_de=result.slots)
        return self.place(node)

    def parameter(self, key: str) -> str:
        """A dated figure; one that is unsure says so where it is shown."""
        texts = self.material.library.textes
        source, today = self.material.parameters, self.material.today
        try:
            if source is None:
                raise KeyError(key)  # noqa: TRY301 - no source is a source without this key
            text, unsure = source.shown(key, today), bool(source.mention(key, today))
        except KeyError:
            text, unsure = texts["parametre_inconnu"].format(cle=key), True
        return self.place(Note(texte=french(text), cle=key, a_verifier=unsure))
