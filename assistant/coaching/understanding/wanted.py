"""The slots that a model may read in a message, as they are named to it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from assistant.casefile import shape
from assistant.casefile.display import Display
from assistant.casefile.shape import literals
from assistant.coaching.method import Field, Method, Question

Kind = Literal[
    "choix", "multi", "oui_non", "date", "montant", "pourcentage", "nombre", "duree", "texte",
    "liste", "siren", "siret", "rna",
]  # fmt: skip
# what a first message most often says; the question that is asked adds its own
USUAL = (
    "acteur_type", "acteur_nom", "partenaire_type", "partenaire_nom", "territoire", "initiative",
    "flux", "sens_apport", "forme_mc", "mc.volume_jours", "don.montant", "prix.montant_ht",
    "subvention.montant_annuel", "budget_disponible", "contrepartie_niveau",
    "contrepartie_valeur", "contrepartie_liste", "contrepartie_visibilite",
    "beneficiaire_eligible", "payeur_public", "besoin_defini_par_payeur", "appel_a_projets",
    "prestation_individualisee", "coconstruction", "experimentation", "apports_reciproques",
    "changement_pratiques", "structure_commune", "services_reguliers", "produit_partage",
    "maturite", "relation_mois", "duree.mois", "duree.date_debut", "duree.date_fin", "date_cible",
    "dependance_pct", "assujetti_tva", "lignes_rouges", "docs_demandes", "objet.projet",
)  # fmt: skip
IDENTIFIERS: Mapping[str, Kind] = {
    "parties.0.siren": "siren",
    "parties.0.siret": "siret",
    "parties.0.rna": "rna",
}
_DURATIONS = frozenset({"duree.mois", "relation_mois"})
_READ: frozenset[shape.Kind] = frozenset({
    "choix", "multi", "oui_non", "date", "montant", "pourcentage", "nombre", "texte", "liste",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """One slot: its French name, its kind, and its values with their names when it has a list."""

    slot: str
    label: str
    kind: Kind
    options: tuple[tuple[Any, str], ...] = ()

    @property
    def many(self) -> bool:
        """Whether it holds a list."""
        return self.kind in ("multi", "liste")

    def shown(self) -> dict[str, Any]:
        """For the template."""
        options = [{"value": str(value), "label": label} for value, label in self.options]
        return {"slot": self.slot, "label": self.label, "kind": self.kind, "options": options}


def wanted(
    method: Method, display: Display, asked: Question | None, actor: str | None
) -> tuple[Wanted, ...]:
    """The usual slots and those of the question that is asked."""
    names: Iterable[str] = (*USUAL, *(asked.slots if asked else ()))
    found = [w for name in dict.fromkeys(names) if (w := _wanted(name, method, display, actor))]
    identified = (Wanted(s, display.label_of(s), kind) for s, kind in IDENTIFIERS.items())
    return (*found, *identified)


def _wanted(slot: str, method: Method, display: Display, actor: str | None) -> Wanted | None:
    held = shape.kind(slot)
    if held not in _READ:
        return None
    options = tuple(_options(slot, method, display, actor))
    label = display.label_of(slot)
    if held in ("multi", "liste"):
        return Wanted(slot, label, "multi" if options else "liste", options)
    if slot in _DURATIONS:
        return Wanted(slot, label, "duree")
    if options and held != "oui_non":
        return Wanted(slot, label, "choix", options)
    return Wanted(slot, label, cast("Kind", held))


def _options(
    slot: str, method: Method, display: Display, actor: str | None
) -> Iterator[tuple[Any, str]]:
    choices = next((c.choix for c in _askers(slot, method) if c.choix), ())
    if choices:
        found = ((choice.valeur, choice.label(actor)) for choice in choices)
    else:
        found = ((value, display.value(slot, value)) for value in literals(slot))
    # who does not know says it to us; a model that finds nothing has nothing to say
    yield from ((value, label) for value, label in found if value != "inconnu")


def _askers(slot: str, method: Method) -> Iterator[Field | Question]:
    for question in method.by_slot.get(slot, ()):
        if question.champs:
            yield from (part for part in question.champs if part.slot == slot)
        elif question.slots[0] == slot:
            yield question
