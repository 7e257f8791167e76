"""Who sits at the table, and what each side keeps to itself."""

from collections.abc import Iterable
from typing import Literal

Side = Literal["porteur", "partenaire", "tiers"]
SIDES: tuple[Side, ...] = ("porteur", "partenaire", "tiers")

# What a side says of itself: each side has its own answer, and none is « the right one ».
OWN = frozenset({
    "acteur_type", "acteur_nom", "territoire", "acteur_taille", "fragilites", "objectif_carre",
    "objectif_dominant", "attentes", "competences_propres", "articulation_interne",
    "moyens_disponibles", "budget_disponible", "lignes_rouges", "attentes_partenaire",
    "attentes_verifiees", "contraintes", "historique_conflit", "historique_conflit_detail",
    "parties_prenantes", "sujets_sensibles", "rituels", "partenaire_nom", "partenaire_type",
    "partenaire_secteur", "profil_cible", "criteres_sig", "criteres_eco", "candidats",
    "exclusions", "conflits_interets", "sponsors_direction", "dependance_pct", "priorites_clauses",
    "salaries_syndicats_associes", "risques",
})  # fmt: skip

# Of these, what the others see only once it is shared: red lines, marks of others, and what a
# side can afford (guide p. 42 asks for frankness, not for showing one's hand unwillingly).
PRIVATE = frozenset({
    "lignes_rouges", "exclusions", "criteres_sig", "criteres_eco", "candidats", "dependance_pct",
    "moyens_disponibles", "budget_disponible", "priorites_clauses", "attentes_partenaire",
    "conflits_interets", "historique_conflit", "historique_conflit_detail", "sujets_sensibles",
    "profil_cible", "partenaire_nom", "partenaire_type", "partenaire_secteur", "risques",
})  # fmt: skip


def root(slot: str) -> str:
    """The first name of a dotted slot: what a side owns or hides, it owns or hides whole."""
    return slot.partition(".")[0]


def is_own(slot: str) -> bool:
    """Whether each side has its own answer."""
    return root(slot) in OWN


def is_private(slot: str) -> bool:
    """Whether the others see it only once shared."""
    return root(slot) in PRIVATE


def visible(slots: Iterable[str], shared: Iterable[str]) -> tuple[str, ...]:
    """The slots that the other sides may see, given the private ones that were shared."""
    opened = frozenset(shared)
    return tuple(slot for slot in slots if not is_private(slot) or root(slot) in opened)
