"""Partnership, services, memorandum and public money (domain/conventions.md §1.4 to §1.7)."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from assistant.casefile.base import (
    Block,
    Day,
    Days,
    Line,
    Money,
    Months,
    Percent,
    Text,
    Texts,
)
from assistant.casefile.gifts import Instalment
from assistant.casefile.vocabulary import Initiative


class Volunteer(Block):
    """J8 (§3.2): a person who gives free time; the employer is no party."""

    nom: Line | None = None
    employeur: Line | None = None
    assurance: Text | None = None


class Minutes(Block):
    """J15 (§3.2): what was said around the table when no contract is wanted."""

    date: Day | None = None
    lieu: Line | None = None
    participants: Texts | None = None
    echanges: Texts | None = None
    accords: Texts | None = None
    desaccords: Texts | None = None
    prochaine: Day | None = None
    corrections_jours: Days | None = None
    redacteur: Line | None = None


class RevenueShare(Block):
    """What each party takes, in percent of the turnover."""

    partie: Line
    pourcentage: Percent


class Finances(Block):
    """§1.4 article 7."""

    regime: Literal[
        "aucun_flux", "partage_couts", "partage_revenus", "subvention", "don", "prix"
    ] | None = None  # fmt: skip
    montant: Money | None = None
    cle_repartition: tuple[RevenueShare, ...] | None = None
    qui_facture: Line | None = None


class Governance(Block):
    """§1.4 article 8."""

    decisions: Text | None = None
    entree_sortie: Text | None = None
    structure_de_soutien: Line | None = None


class Liability(Block):
    """§1.4 article 13."""

    limites: Text | None = None


class JointOffer(Block):
    """§1.4, variant CE."""

    description: Text | None = None
    vise_marche_public: bool | None = None
    activite_marchande_preponderante: bool | None = None
    porteur: Line | None = None


class Milestone(Block):
    """What is due, and when."""

    date: Day | None = None
    livrable: Line | None = None


class Services(Block):
    """§1.5 articles 2, 4 and 5."""

    description: Text | None = None
    livrables: Texts | None = None
    exclusions: Texts | None = None
    lieux: Text | None = None
    jalons: tuple[Milestone, ...] | None = None
    obligation_type: Literal["moyens", "resultat"] | None = None
    informations_client: Text | None = None


class Provider(Block):
    """What is known of who is paid."""

    code_ape: Line | None = None
    recettes_lucratives: Money | None = None
    lucratif_preponderant: bool | None = None
    part_client_pct: Percent | None = None


def _as_price(value: Any) -> Any:
    return value if isinstance(value, dict | Block) else {"montant_ht": value}


class PriceBlock(Block):
    """§1.5 article 6; ``montant_ht`` is for the whole contract, before tax."""

    montant_ht: Money | None = None
    mode: Literal["forfait", "regie", "unite"] | None = None
    solidaire: bool | None = None
    description: Line | None = None


Price = Annotated[PriceBlock, BeforeValidator(_as_price)]


class Payment(Block):
    """§1.5 article 6."""

    delai_jours: Days | None = None
    penalites: Text | None = None


class Invoicing(Block):
    """§1.5 article 6."""

    echeancier: tuple[Instalment, ...] | None = None
    qui: Line | None = None
    date: Day | None = None


class Acceptance(Block):
    """§1.5 article 7."""

    modalites: Text | None = None
    delai_reserves_jours: Days | None = None


class Vigilance(Block):
    """§1.5 article 8."""

    attestation: bool | None = None
    periodicite_mois: Months | None = None


class Subcontracting(Block):
    """§1.5 article 9."""

    autorisee: bool | None = None


class Visibility(Block):
    """§1.5, sponsorship: one thing shown."""

    support: Line
    emplacement: Line | None = None
    duree: Line | None = None
    diffusion: Line | None = None


class ImageRights(Block):
    """§1.5, sponsorship: people who are shown."""

    clause: Text | None = None
    personnes_nommees: bool | None = None
    mineurs: bool | None = None
    consentement: bool | None = None


class Event(Block):
    """A dated event that the agreement hangs on."""

    nom: Line | None = None
    date: Day | None = None
    prevu: bool | None = None


class InclusivePurchase(Block):
    """§1.5, responsible purchasing from an ESAT, an EA or an SIAE."""

    taux_main_oeuvre: Percent | None = None
    attestation_oeth: bool | None = None
    volumes_minimaux: Line | None = None
    preavis_jours: Days | None = None


class Scope(Block):
    """§1.6 article 1: what binds and what only says an intention."""

    clauses_engageantes: Texts | None = None
    clauses_intention: Texts | None = None


class Task(Block):
    """§1.6 article 5."""

    tache: Line
    responsable: Line | None = None
    date: Day | None = None


class Costs(Block):
    """§1.6 article 6."""

    repartition: Text | None = None


class FollowingAgreement(Block):
    """§1.6 article 12."""

    type: Line
    date_cible: Day | None = None


class AidInKind(Block):
    """Help other than money, with its value."""

    type: Line
    valeur: Money | None = None


class PublicDecision(Block):
    """A vote of the local authority."""

    numero: Line | None = None
    date: Day | None = None


class Grant(Block):
    """§1.7: public money, recognised and never drafted here."""

    initiative: Initiative | None = None
    montant_annuel: Money | None = None
    montant_total: Money | None = None
    aides_nature: tuple[AidInKind, ...] | None = None
    autorites: Texts | None = None
    echeancier: tuple[Instalment, ...] | None = None
    delai_versement_jours: Days | None = None
    cout_total: Money | None = None
    excedent_raisonnable: Text | None = None
    CER_souscrit_date: Day | None = None
    deliberation: PublicDecision | None = None
    regime_aide_etat: Literal[
        "hors_aide", "de_minimis", "sieg_de_minimis", "sieg_mandat", "RGEC"
    ] | None = None  # fmt: skip
    reversement_prevu: bool | None = None
    reversement_autorise: bool | None = None
    elus_interesses: Texts | None = None
    convention: bool | None = None
    compte_rendu: Text | None = None
    activite_economique: bool | None = None
    cumul_trois_ans: Money | None = None
