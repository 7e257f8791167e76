"""What the reader of messages is told of the question that was just asked."""

from collections.abc import Mapping
from types import MappingProxyType

from assistant.casefile.facts import Facts
from assistant.casefile.paths import given, read
from assistant.coaching.method import Field, Question
from assistant.coaching.relevance import relevant_fields
from assistant.coaching.understanding.model import Expectation, Kind, Option

_READ_AS: Mapping[str, Kind] = MappingProxyType({
    "choix": "choix", "multi": "multi", "echelle": "echelle", "repartition": "repartition",
    "date": "date", "montant": "montant", "nombre": "nombre", "oui_non": "oui_non",
})  # fmt: skip
_DURATIONS = frozenset({"duree.mois", "duree.preavis_non_renouvellement_jours"})


def expectation(question: Question, facts: Facts) -> Expectation:
    """The slots of ``question`` that matter here, and how the first is answered in bare words.

    Of a question in several parts, those that are not known come first.
    """
    fields = sorted(relevant_fields(question, facts), key=lambda f: given(read(facts, f.slot)))
    first: Field | Question = fields[0] if fields else question
    slots = tuple(field.slot for field in fields) or question.slots
    return Expectation(slots=slots, kind=_kind(first, slots[0]), options=_options(first, facts))


def _kind(asked: Field | Question, slot: str) -> Kind:
    if slot in _DURATIONS:
        return "duree"
    return _READ_AS.get(asked.type, "libre")


def _options(asked: Field | Question, facts: Facts) -> tuple[Option, ...]:
    actor = facts.acteur_type
    return tuple(
        Option(choice.valeur, choice.label(actor), (choice.libelle,)) for choice in asked.choix
    )
