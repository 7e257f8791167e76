"""Gifts of money, goods, places and working time (domain/conventions.md §1.1 to §1.3)."""

from typing import Annotated, Literal

from pydantic import Field

from assistant.casefile.base import Block, Count, Day, Days, Line, Money, Percent, Text, Texts


class Subject(Block):
    """What a gift is for."""

    projet: Text | None = None
    affectation: Literal["projet", "fonctionnement", "mixte"] | None = None


class Instalment(Block):
    """One payment."""

    date: Day | None = None
    montant: Money | None = None


class Gift(Block):
    """§1.1 article 2: money given."""

    montant: Annotated[Money, Field(gt=0)] | None = None
    echeancier: tuple[Instalment, ...] | None = None
    conditions: Text | None = None
    non_soumis_tva: bool | None = None
    presente_comme_libre: bool | None = None


class Allocation(Block):
    """§1.1 article 3: what the money is spent on, and who is told."""

    compte_rendu: Text | None = None
    reaffectation_si_abandon: Text | None = None
    budget: Text | None = None


class CounterpartLine(Block):
    """One thing given in return, valued by who receives the gift."""

    nature: Line
    quantite: Count | None = None
    valeur_unitaire: Money | None = None
    valeur: Money | None = None
    methode: Line | None = None
    visibilite: bool | None = None
    repond_besoin: bool | None = None


class Receipt(Block):
    """The tax receipt: which form, who issues it, when."""

    modele: Line | None = None
    delai_jours: Days | None = None
    signataire: Line | None = None
    emetteur: Literal["beneficiaire", "mecene", "outil", "tiers"] | None = None
    detail_salaries: bool | None = None


class Tax(Block):
    """§1.1 article 7."""

    base: Line | None = None
    eligibilite_declaree: bool | None = None
    rescrit_date: Day | None = None
    recu: Receipt | None = None
    recu_demande: bool | None = None


class Independence(Block):
    """§1.1 article 9: the one who gives does not steer the mission."""

    clause: Text | None = None


class Item(Block):
    """§1.2 article 2: one lot of goods."""

    designation: Line | None = None
    quantite: Count | None = None
    etat: Line | None = None
    origine: Literal["stock", "immobilisation", "location", "service"] | None = None
    valeur: Money | None = None
    methode: Literal["valeur_stock", "vnc", "prix_revient", "prix_vente_ttc", "autre"] | None = None
    date_remise: Day | None = None


class Handover(Block):
    """§1.2 article 2 bis."""

    modalites: Text | None = None
    pv: bool | None = None
    transport_a_charge: Line | None = None


class Loan(Block):
    """§1.2 article 2 ter: use without property."""

    usage_seulement: bool | None = None
    restitution_date: Day | None = None
    etat_des_lieux: bool | None = None
    assurance: Text | None = None


class Food(Block):
    """§1.2: gifts of food."""

    denrees: bool | None = None
    habilitation: Line | None = None
    tracabilite: Text | None = None
    plan_qualite: Text | None = None
    destruction_interdite: bool | None = None


class Premises(Block):
    """§1.2 and §1.7: a place lent."""

    adresse: Text | None = None
    surface: Count | None = None
    charges_a: Line | None = None
    assurance: Text | None = None
    precarite: bool | None = None
    domaine_public: bool | None = None


class Vat(Block):
    """§1.2 and §1.5: the value added tax."""

    regime: Literal["assujetti", "franchise", "exonere"] | None = None
    taux: Percent | None = None
    mention_exoneration: Line | None = None
    regularisation_a_verifier: bool | None = None


class Mission(Block):
    """§1.3 articles 1 and 2."""

    finalite: Text | None = None
    titre: Line | None = None
    livrables: Texts | None = None
    competences: Texts | None = None
    exclusions: Texts | None = None


class Employee(Block):
    """§1.3 article 3: one person lent, or a profile."""

    identite: Line | None = None
    qualification: Line | None = None
    poste: Line | None = None
    accord_ecrit_date: Day | None = None
    avenant: bool | None = None


class SkillsPatronage(Block):
    """§1.3 articles 4 to 14."""

    debut: Day | None = None
    fin: Day | None = None
    volume_jours: Count | None = None
    quotite_pct: Percent | None = None
    lieu: Text | None = None
    horaires: Line | None = None
    materiel: Text | None = None
    acces_SI: Text | None = None  # noqa: N815 - the published slot name
    tuteur_association: Line | None = None
    manager_entreprise: Line | None = None
    autorite_disciplinaire: Literal["entreprise", "association"] | None = None
    accident_procedure: Text | None = None
    formation_securite: Text | None = None
    cout_revient_jour: Money | None = None
    valeur_totale: Money | None = None
    facturation: Money | None = None
    mode_facturation: Text | None = None
    frais: Line | None = None
    interruption_preavis_jours: Days | None = None
    retour_poste: Text | None = None
    remplacement: Text | None = None
    cse_informe: bool | None = None
    intra_groupe: bool | None = None
    agents_publics: bool | None = None
    valorise_en_subvention: bool | None = None
