"""The values that slots may take: slugs as they are stored and published.

Source: domain/conventions.md §1 and §3.1. Other spellings people use are folded to these.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from assistant.casefile.base import slug


def _folding(aliases: Mapping[str, str]) -> BeforeValidator:
    def fold(value: Any) -> Any:
        name = slug(value)
        return aliases.get(name, name) if isinstance(name, str) else value

    return BeforeValidator(fold)


def _folding_case(names: tuple[str, ...], aliases: Mapping[str, str]) -> BeforeValidator:
    known = {name.casefold(): name for name in names} | dict(aliases)

    def fold(value: Any) -> Any:
        return known.get(slug(value), value) if isinstance(value, str) else value

    return BeforeValidator(fold)


ActorType = Annotated[
    Literal["association", "entreprise", "collectivite", "fondation", "autre"],
    _folding({"collectivite_territoriale": "collectivite", "asso": "association"}),
]
Goal = Annotated[
    Literal["processus", "modele_eco", "innovation", "positionnement", "inconnu"],
    _folding({
        "modele_economique": "modele_eco",
        # the local authority's own labels (guide p. 24)
        "besoins": "processus", "enjeux_sociaux": "processus",
        "economie_locale": "modele_eco", "territoire": "innovation", "federer": "positionnement",
        "ancrage": "positionnement", "mobilisation": "processus",
    }),
]  # fmt: skip
Direction = Annotated[
    Literal[
        "E_vers_A", "A_vers_E", "reciproque", "ensemble_vers_tiers", "ensemble_vers_territoire",
        "inconnu",
    ],
    _folding_case(
        ("E_vers_A", "A_vers_E", "reciproque", "ensemble_vers_tiers", "ensemble_vers_territoire",
         "inconnu"),
        {"e_vers_c": "E_vers_A", "e_a_c": "ensemble_vers_territoire", "mutuel": "reciproque"},
    ),
]  # fmt: skip
Counterpart = Annotated[
    Literal["aucune", "symbolique", "significative", "equivalente", "inconnu"], _folding({})
]
Flow = Annotated[
    Literal[
        "don_numeraire", "don_nature", "temps_salarie", "prix", "partage_revenus", "mutualisation",
        "subvention", "pret_ou_capital", "aucun", "inconnu",
    ],
    _folding({"don": "don_numeraire", "don_en_nature": "don_nature"}),
]  # fmt: skip
Initiative = Annotated[
    Literal["association", "entreprise", "collectivite", "conjointe", "inconnu"],
    _folding({"commune": "conjointe"}),
]
Eligibility = Annotated[
    Literal["oui_rescrit", "oui_reseau_ou_RUP", "oui_declare", "inconnu", "non"],
    _folding_case(
        ("oui_rescrit", "oui_reseau_ou_RUP", "oui_declare", "inconnu", "non"),
        {"oui": "oui_declare"},
    ),
]
VatStatus = Annotated[Literal["oui", "non", "franchise", "exonere", "inconnu"], _folding({})]
Contract = Annotated[
    Literal[
        "mecenat_financier", "mecenat_nature", "mecenat_competences", "partenariat", "prestation",
        "parrainage", "protocole_accord", "subvention_cpo", "marche_public", "scission", "aucun",
    ],
    _folding({"mecenat": "mecenat_financier", "sponsoring": "parrainage"}),
]  # fmt: skip
Category = Literal[
    "mecenat", "pratiques_responsables", "cooperation_economique", "innovation_societale",
    "hors_typologie",
]  # fmt: skip
PartyRole = Annotated[
    Literal[
        "mecene", "beneficiaire", "association", "entreprise", "collectivite", "prestataire",
        "client", "parrain", "parraine", "administration", "cotraitant", "tiers_facilitateur",
    ],
    _folding({}),
]  # fmt: skip
PartyType = Annotated[
    Literal[
        "association", "fondation", "fonds_dotation", "entreprise", "collectivite",
        "etablissement_public", "SIAE", "ESAT", "autre",
    ],
    _folding_case(
        ("association", "fondation", "fonds_dotation", "entreprise", "collectivite",
         "etablissement_public", "SIAE", "ESAT", "autre"),
        {"ea": "ESAT", "entreprise_adaptee": "ESAT"},
    ),
]  # fmt: skip
SigningBasis = Annotated[
    Literal[
        "statuts_art", "deliberation_CA", "deliberation_AG", "delegation", "mandat_social",
        "deliberation_collectivite", "arrete_delegation", "president", "inconnu",
    ],
    _folding_case(
        ("statuts_art", "deliberation_CA", "deliberation_AG", "delegation", "mandat_social",
         "deliberation_collectivite", "arrete_delegation", "president", "inconnu"),
        {"statuts": "statuts_art"},
    ),
]  # fmt: skip
Fragility = Annotated[
    str,
    _folding({
        "emploi": "emploi_insertion", "insertion": "emploi_insertion",
        "pauvrete": "pauvrete_exclusion", "exclusion": "pauvrete_exclusion",
        "mal_logement": "logement", "handicap": "handicap_diversite",
        "diversite_handicap": "handicap_diversite", "isolement": "lien_social",
        "isolement_lien_social": "lien_social", "acces_au_numerique": "numerique",
        "vieillissement_intergenerationnel": "vieillissement", "culture": "culture_sport",
        "culture_loisirs": "culture_sport", "biodiversite": "environnement",
        "transports": "mobilite", "delinquance": "securite",
    }),
]  # fmt: skip
Conflict = Annotated[
    Literal[
        "aucun", "dirigeant_commun", "client", "fournisseur", "elu", "candidat_marche",
        "demandeur_autorisation", "autre", "inconnu",
    ],
    _folding({"elu_au_bureau": "elu"}),
]  # fmt: skip
Instrument = Literal["convention", "plan_action", "grille_evaluation"]
Choice = Annotated[Literal["oui", "non", "inconnu"], _folding({})]


def words(*names: str) -> Any:
    """An annotated literal of ``names`` is written by hand; this folds free spellings to it."""
    return _folding({name: name for name in names})
