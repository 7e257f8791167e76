"""The clauses that several documents share (domain/conventions.md §1.0), block by block."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from assistant.casefile.base import (
    Block,
    Count,
    Day,
    Days,
    Line,
    Money,
    Months,
    Percent,
    Text,
    Texts,
)
from assistant.casefile.vocabulary import Fragility, Initiative


def _as_block(value: Any) -> Any:
    return {"presence": value} if isinstance(value, bool) else value


class Preamble(Block):
    """B-PREAMBULE, guide p. 40-42 and 47-48."""

    presentation_A: Text | None = None  # noqa: N815 - the published slot name
    presentation_B: Text | None = None  # noqa: N815
    presentation_C: Text | None = None  # noqa: N815
    enjeu_commun: Text | None = None
    fragilite: Fragility | None = None
    origine_initiative: Initiative | None = None
    references: Texts | None = None
    historique_relation: Text | None = None
    odd: tuple[Annotated[int, Field(ge=1, le=17)], ...] | None = None


class Perimeter(Block):
    """B-PERIMETRE, guide p. 47: three frontiers."""

    geographique: Texts | None = None
    thematique: Texts | None = None
    exclusions: Texts | None = None
    beneficiaires: Texts | None = None
    effectif_cible: Count | None = None
    declinaison_locale: Text | None = None


class Indicator(Block):
    """How one will know."""

    libelle: Line
    unite: Line | None = None
    cible: Line | None = None
    echeance: Day | None = None
    source: Line | None = None
    nature: Literal["activite", "utilite_beneficiaires", "utilite_partenaires"] | None = None


class CommonGoals(Block):
    """The weights of the four common objectives, out of 100 (guide p. 26-30)."""

    equilibre: Percent | None = None
    hybridation: Percent | None = None
    innovation: Percent | None = None
    territoire: Percent | None = None


class Objectives(Block):
    """B-OBJECTIFS, guide p. 26 and 48; ``propres`` by the short name of the party."""

    commun: Text | None = None
    propres: dict[str, Text] | None = None
    indicateurs: tuple[Indicator, ...] | None = None
    ponderation_4: CommonGoals | None = None


class MacroAction(Block):
    """One action of the agreement; its detail goes to the action plan."""

    intitule: Line
    description: Text | None = None
    pilote: Line | None = None
    echeance: Day | None = None


class Means(Block):
    """B-MOYENS, guide p. 48 and 53: what one side brings."""

    partie: Line
    categorie: Literal[
        "financier", "humain", "materiel", "relationnel", "local", "donnees"
    ] | None = None  # fmt: skip
    description: Text | None = None
    valeur_estimee: Money | None = None
    methode_valorisation: Line | None = None
    calendrier: Line | None = None


class Duration(Block):
    """B-DUREE, guide p. 49."""

    date_debut: Day | None = None
    date_fin: Day | None = None
    mois: Months | None = None
    indeterminee: bool | None = None
    renouvellement: Literal["aucun", "expres", "tacite"] | None = None
    non_renouvellement_consequences: Text | None = None
    preavis_non_renouvellement_jours: Days | None = None
    calendrier: Text | None = None
    fin_de_projet: Text | None = None


class Termination(Block):
    """B-RESIL, guide p. 49-50."""

    cas: tuple[
        Literal[
            "manquement", "force_majeure", "perte_eligibilite", "atteinte_image", "dissolution",
            "motif_interet_general",
        ], ...,
    ] | None = None  # fmt: skip
    mise_en_demeure_jours: Days | None = None
    preavis_jours: Days | None = None
    consequences: Text | None = None
    annulation_report: Text | None = None


class Referent(Block):
    """Whom to call on one side."""

    partie: Line
    nom: Line | None = None
    fonction: Line | None = None
    courriel: Line | None = None


class Committee(Block):
    """A steering committee."""

    composition: Text | None = None
    pouvoirs: Text | None = None


class Steering(Block):
    """B-PILOTAGE, guide p. 49 and 53."""

    referents: tuple[Referent, ...] | None = None
    copil: Committee | None = None
    frequence: Literal["mensuelle", "trimestrielle", "semestrielle", "annuelle", "autre"] | None = (
        None
    )
    role: Texts | None = None
    catalyseur: Line | None = None
    direction_impliquee: bool | None = None


class FollowUp(Block):
    """How progress is watched (guide p. 53)."""

    outils: Texts | None = None


class Evaluation(Block):
    """B-EVAL, guide p. 49 and 55-58."""

    prevue: bool | None = None
    frequence: Line | None = None
    grille: bool | None = None
    restitution: Text | None = None
    qui: Line | None = None
    cout_porte_par: Line | None = None


class Brand(Block):
    """The use of one name or logo."""

    titulaire: Line
    element: Line | None = None
    supports: Line | None = None
    territoire: Line | None = None
    duree: Line | None = None
    gratuit: bool | None = None


class Communication(Block):
    """B-COM, guide p. 54."""

    cibles: tuple[Literal["interne", "externe", "medias"], ...] | None = None
    validation_prealable_jours: Days | None = None
    marques: tuple[Brand, ...] | None = None
    mention_obligatoire: Text | None = None
    temporalite: Literal["immediate", "apres_resultats", "confidentielle"] | None = None
    liberte_expression: bool | None = None
    allegations_environnementales: bool | None = None
    allegation_texte: Text | None = None
    retrait_fin: Text | None = None


class Confidentiality(Block):
    """B-CONF, guide p. 50 and 54."""

    active: bool | None = None
    informations: Text | None = None
    duree_mois: Months | None = None
    exceptions: Texts | None = None
    informations_strategiques: bool | None = None


class Exclusivity(Block):
    """B-EXCLU, guide p. 50 and 54."""

    mode: Literal["aucune", "secteur", "territoire", "pleine"] | None = None
    perimetre: Text | None = None
    duree: Line | None = None
    evoquee_etape_2: bool | None = None
    valorisee: bool | None = None


class NonCompetition(Block):
    """B-NONCONC, guide p. 50 and 54."""

    active: bool | None = None
    perimetre: Text | None = None
    territoire: Line | None = None
    duree_mois: Months | None = None
    contrepartie: Text | None = None


class Licence(Block):
    """What may be done with a work."""

    droits: Texts | None = None
    territoire: Line | None = None
    duree: Line | None = None
    supports: Line | None = None
    gratuit: bool | None = None


class IntellectualProperty(Block):
    """B-PI, beyond the guide."""

    apports_anterieurs: Texts | None = None
    resultats: Literal["auteur", "commune", "cedee", "licence_ouverte"] | None = None
    licence: Licence | None = None
    publication: Text | None = None
    livrable_intellectuel: bool | None = None


class PersonalData(Block):
    """B-RGPD, beyond the guide."""

    donnees_personnelles: bool | None = None
    roles: Literal["independants", "conjoints_art26", "sous_traitant_art28"] | None = None
    finalites: Texts | None = None
    categories: Texts | None = None
    sensibles: bool | None = None
    public_fragile: bool | None = None
    mineurs: bool | None = None
    analyse_impact: bool | None = None
    personnes: Texts | None = None
    duree_conservation: Line | None = None
    securite: Text | None = None
    point_contact: Line | None = None
    annexe: bool | None = None


class Insurance(Block):
    """B-ASSUR; ``rc`` by the short name of the party."""

    rc: dict[str, bool] | None = None
    dommages: Text | None = None
    intervention_sur_site: bool | None = None


class Probity(Block):
    """B-PROBITE, guide p. 34 and the AFA's recommendations."""

    declaration_conflits: bool | None = None
    declaration_texte: Text | None = None
    traitement_conflits: Text | None = None
    diligences_beneficiaire: Texts | None = None
    affectation_tracee: bool | None = None
    suspension_en_cas_alerte: bool | None = None


class Mediation(Block):
    """The stage before a court."""

    presence: bool | None = None
    instance: Line | None = None
    composition: Text | None = None
    delai_jours: Days | None = None
    cout: Line | None = None
    obligatoire: bool | None = None


class Disputes(Block):
    """B-LITIGES, guide p. 49; a court named by its place is what LIT-02 looks at."""

    alerte: Text | None = None
    mediation: Annotated[Mediation, BeforeValidator(_as_block)] | None = None
    juridiction: Line | None = None
    droit: Line | None = None


class Signature(Block):
    """B-SIGN, guide p. 50-51."""

    lieu: Line | None = None
    date: Day | None = None
    exemplaires: Count | None = None
    electronique: Literal["simple", "avancee", "qualifiee"] | None = None
