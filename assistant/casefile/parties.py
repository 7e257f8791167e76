"""Who signs: B-PARTIES (domain/conventions.md §1.0; guide p. 50)."""

import re
from typing import Annotated

from pydantic import BeforeValidator, StringConstraints

from assistant.casefile.base import Block, Count, Day, Line, Money, Text, listed, slug
from assistant.casefile.vocabulary import (
    Conflict,
    Eligibility,
    PartyRole,
    PartyType,
    SigningBasis,
    VatStatus,
)

# trading companies, cooperative ones too (§0.4, mecenat.ineligibles)
_COMPANY = re.compile(
    r"\b(?:scic|scop|sasu?|sarl|eurl|snc|societe (?:cooperative|anonyme|commerciale|par actions"
    r"|a responsabilite|en nom collectif)\w*)\b"
)

Identifier = Annotated[str, StringConstraints(min_length=1, max_length=40)]


class Representative(Block):
    """Who signs, in what quality, and what gives the power to."""

    nom: Line | None = None
    qualite: Line | None = None
    fondement: SigningBasis | None = None
    date: Day | None = None
    reference: Line | None = None


class Party(Block):
    """One side. Identifiers are kept as typed: whether they hold is a rule, not a type."""

    role: PartyRole | None = None
    type_acteur: PartyType | None = None
    denomination: Line | None = None
    forme_juridique: Line | None = None
    siren: Identifier | None = None
    siret: Identifier | None = None
    rna: Identifier | None = None
    registre_local: Line | None = None
    tva_intracom: Identifier | None = None
    iban: Identifier | None = None
    rcs: Line | None = None
    siege: Text | None = None
    representant: Representative | None = None
    designation_courte: Line | None = None
    eligible_mecenat: Eligibility | None = None
    assujetti_tva: VatStatus | None = None
    # what some rules need to know of a side
    declaree: bool | None = None
    reconnue_utilite_publique: bool | None = None
    agreee: bool | None = None
    employeur: bool | None = None
    subventionnee: bool | None = None
    effectif: Count | None = None
    population: Count | None = None
    commercant: bool | None = None
    secteur: Line | None = None
    groupe: Line | None = None
    jeune_entreprise_ou_pme: bool | None = None
    soumise_sapin2: bool | None = None


def company_form(party: Party) -> str | None:
    """The words of its legal form that make a side a trading company; None when none does."""
    form = party.forme_juridique
    return form if form and _COMPANY.search(str(slug(form)).replace("_", " ")) else None


class Patron(Block):
    """What is known of the company that gives."""

    ca_ht: Money | None = None
    dons_exercice: Money | None = None
    lien_beneficiaire: Annotated[tuple[Conflict, ...] | None, BeforeValidator(listed)] = None


class Beneficiary(Block):
    """What is known of the organisation that receives."""

    dons_annuels: Money | None = None
    subventions_annuelles: Money | None = None
    aide_personnes_en_difficulte: bool | None = None
