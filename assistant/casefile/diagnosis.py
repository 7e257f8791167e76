"""What the seven steps ask before any document (domain/conventions.md §3.1 and §4)."""

from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from assistant.casefile.base import (
    Block,
    Count,
    Day,
    Line,
    Mark,
    Money,
    Percent,
    Points,
    Text,
    Texts,
    listed,
    slug,
)
from assistant.casefile.vocabulary import (
    ActorType,
    Choice,
    Conflict,
    Contract,
    Counterpart,
    Direction,
    Eligibility,
    Flow,
    Fragility,
    Goal,
    Initiative,
    VatStatus,
)


def _unknown(value: Any) -> Any:
    # « je ne sais pas » is an answer (§4) that numbers and flags have no value for
    return None if slug(value) == "inconnu" else value


Degree = Annotated[int, Field(ge=1, le=4)]
Flag = Annotated[bool | None, BeforeValidator(_unknown)]
_FORMS = {"pret": "pret_main_oeuvre", "prestation": "prestation_offerte"}
_TIMES = {
    "temps_de_travail": "travail",
    "temps_libre": "libre",
    "true": "travail",
    "false": "libre",
}


def _time(value: Any) -> Any:
    name = slug(str(value).lower()) if isinstance(value, bool | str) else value
    return _TIMES.get(name, name)


def _form(value: Any) -> Any:
    return _FORMS.get(slug(value), slug(value)) if isinstance(value, str) else value


Form = Annotated[
    Literal["prestation_offerte", "pret_main_oeuvre", "inconnu"], BeforeValidator(_form)
]
WorkTime = Annotated[Literal["travail", "libre", "inconnu"], BeforeValidator(_time)]
Stage = Literal["rencontre", "cadrage", "formalisation"]


class MagicSquare(Block):
    """Ten points over the four objectives (guide p. 22-25)."""

    processus: Points = Decimal(0)
    modele_eco: Points = Decimal(0)
    innovation: Points = Decimal(0)
    positionnement: Points = Decimal(0)

    @model_validator(mode="after")
    def _ten_points(self) -> Self:
        points = (self.processus, self.modele_eco, self.innovation, self.positionnement)
        if sum(points) != 10:
            raise ValueError("dix_points")
        return self


class GeneralInterestCriteria(Block):
    """Six marks for the organisation of general interest (guide p. 46)."""

    pertinence: Mark | None = None
    credibilite: Mark | None = None
    fiabilite: Mark | None = None
    viabilite: Mark | None = None
    efficacite: Mark | None = None
    potentiel: Mark | None = None


class CompanyCriteria(Block):
    """Five marks for the company (guide p. 46)."""

    confiance: Mark | None = None
    egalite: Mark | None = None
    reflexion: Mark | None = None
    dialogue: Mark | None = None
    valeurs: Mark | None = None


class Candidate(Block):
    """One partner that is considered, with its marks."""

    nom: Line
    type_acteur: ActorType | None = None
    criteres_sig: GeneralInterestCriteria | None = None
    criteres_eco: CompanyCriteria | None = None
    commentaire: Text | None = None


class Diagnosis(Block):
    """Steps 1 to 5 as slots; ``Facts`` adds what documents hold."""

    # step 1
    acteur_type: ActorType | None = None
    acteur_nom: Line | None = None
    territoire: Line | None = None
    acteur_taille: Line | None = None
    fragilites: Annotated[tuple[Fragility, ...] | None, BeforeValidator(listed)] = None
    objectif_carre: MagicSquare | None = None
    objectif_dominant: Goal | None = None
    attentes: Texts | None = None
    competences_propres: Texts | None = None
    sens_apport: Direction | None = None
    coconstruction: Annotated[Degree | None, BeforeValidator(_unknown)] = None
    articulation_interne: Text | None = None
    moyens_disponibles: Text | None = None
    budget_disponible: Money | None = None
    lignes_rouges: Texts | None = None
    # step 2
    maturite: Annotated[Degree | None, BeforeValidator(_unknown)] = None
    attentes_partenaire: Text | None = None
    attentes_verifiees: Choice | None = None
    contraintes: Texts | None = None
    historique_conflit: Choice | None = None
    historique_conflit_detail: Text | None = None
    parties_prenantes: Texts | None = None
    facilitateur: Choice | None = None
    facilitateur_nom: Line | None = None
    sujets_sensibles: Texts | None = None
    rituels: Line | None = None
    # step 3
    partenaire_nom: Line | None = None
    partenaire_type: ActorType | None = None
    partenaire_secteur: Line | None = None
    profil_cible: Text | None = None
    criteres_sig: GeneralInterestCriteria | None = None
    criteres_eco: CompanyCriteria | None = None
    candidats: tuple[Candidate, ...] | None = None
    exclusions: Texts | None = None
    conflits_interets: Annotated[tuple[Conflict, ...] | None, BeforeValidator(listed)] = None
    sponsors_direction: Text | None = None
    dependance_pct: Percent | None = None
    principes: Texts | None = None
    # step 4
    flux: Annotated[tuple[Flow, ...] | None, BeforeValidator(listed)] = None
    contrepartie_liste: Texts | None = None
    contrepartie_niveau: Counterpart | None = None
    contrepartie_visibilite: bool | None = None
    contrepartie_valeur: Money | None = None
    payeur_public: Flag = None
    besoin_defini_par_payeur: Flag = None
    prestation_individualisee: Flag = None
    initiative: Initiative | None = None
    beneficiaire_eligible: Eligibility | None = None
    assujetti_tva: VatStatus | None = None
    forme_mc: Form | None = None
    temps_travail: WorkTime | None = None
    experimentation: bool | None = None
    apports_reciproques: bool | None = None
    changement_pratiques: bool | None = None
    produit_partage: bool | None = None
    structure_commune: bool | None = None
    objet_arrete: bool | None = None
    relation_mois: Count | None = None
    relation_poursuivie: bool | None = None
    services_reguliers: bool | None = None
    appel_a_projets: bool | None = None
    urgence: bool | None = None
    non_renouvellement: Text | None = None
    # step 5
    temps_negociation: Stage | None = None
    docs_demandes: Texts | None = None
    contrat_demande: Contract | None = None
    priorites_clauses: Texts | None = None
    projet_territoire: Choice | None = None
    projet_territoire_nom: Line | None = None
    date_cible: Day | None = None
    refus_contractualiser: bool | None = None
    # step 6
    salaries_syndicats_associes: Choice | None = None
    acteurs_locaux: Texts | None = None
    risques: Texts | None = None
