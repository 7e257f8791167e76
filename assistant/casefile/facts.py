"""Everything that can be known of a case, as one typed value.

Slot names and values: domain/conventions.md §1, §3.1 and §4; dotted names nest as objects.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import ValidationError

from assistant.casefile import blocks, gifts, instruments, plans
from assistant.casefile import parties as sides
from assistant.casefile.base import Day, Line, Text, Texts
from assistant.casefile.diagnosis import Diagnosis, Form
from assistant.errors import CallerError


class Facts(Diagnosis):
    """The facts of one case. Nothing is ever filled in that nobody gave."""

    # who
    parties: tuple[sides.Party, ...] | None = None
    mecene: sides.Patron | None = None
    beneficiaire: sides.Beneficiary | None = None
    # blocks that documents share (§1.0)
    considerants: blocks.Preamble | None = None
    perimetre: blocks.Perimeter | None = None
    objectifs: blocks.Objectives | None = None
    actions_macro: tuple[blocks.MacroAction, ...] | None = None
    moyens: tuple[blocks.Means, ...] | None = None
    duree: blocks.Duration | None = None
    resiliation: blocks.Termination | None = None
    pilotage: blocks.Steering | None = None
    suivi: blocks.FollowUp | None = None
    evaluation: blocks.Evaluation | None = None
    communication: blocks.Communication | None = None
    confidentialite: blocks.Confidentiality | None = None
    exclusivite: blocks.Exclusivity | None = None
    non_concurrence: blocks.NonCompetition | None = None
    pi: blocks.IntellectualProperty | None = None
    rgpd: blocks.PersonalData | None = None
    assurance: blocks.Insurance | None = None
    probite: blocks.Probity | None = None
    litiges: blocks.Disputes | None = None
    signature: blocks.Signature | None = None
    annexes: Texts | None = None
    annexes_font_partie_integrante: bool | None = None
    hierarchie_documents: Text | None = None
    # patronage (§1.1, §1.2)
    objet: gifts.Subject | None = None
    don: gifts.Gift | None = None
    affectation: gifts.Allocation | None = None
    engagements_mecene: Texts | None = None
    engagements_beneficiaire: Texts | None = None
    contreparties: tuple[gifts.CounterpartLine, ...] | None = None
    fiscal: gifts.Tax | None = None
    independance: gifts.Independence | None = None
    biens: tuple[gifts.Item, ...] | None = None
    remise: gifts.Handover | None = None
    transfert_propriete_date: Day | None = None
    transfert_risques_date: Day | None = None
    pret: gifts.Loan | None = None
    alimentaire: gifts.Food | None = None
    local: gifts.Premises | None = None
    tva: gifts.Vat | None = None
    # patronage of skills (§1.3)
    forme: Form | None = None
    mission: gifts.Mission | None = None
    salaries: tuple[gifts.Employee, ...] | None = None
    mc: gifts.SkillsPatronage | None = None
    recu: gifts.Receipt | None = None
    # documents that are no contract (§3.2, J8 and J15)
    benevole: instruments.Volunteer | None = None
    reunion: instruments.Minutes | None = None
    # partnership and its variants (§1.4)
    engagements: dict[str, Texts] | None = None
    engagements_equilibre: Text | None = None
    finances: instruments.Finances | None = None
    gouvernance: instruments.Governance | None = None
    responsabilite: instruments.Liability | None = None
    clause_valeurs: Text | None = None
    avenant_ecrit: bool | None = None
    revision_annuelle: bool | None = None
    diagnostic_initial: Text | None = None
    engagement_de_changement: Text | None = None
    droit_de_citer_resultats: Text | None = None
    offre_commune: instruments.JointOffer | None = None
    clients: Text | None = None
    repartition_CA_pct: tuple[instruments.RevenueShare, ...] | None = None  # noqa: N815
    facturation: instruments.Invoicing | None = None
    mandataire: Line | None = None
    solidarite: Literal["conjoint", "solidaire"] | None = None
    sortie: Text | None = None
    hypothese: Text | None = None
    terrain_experimentation: Text | None = None
    protocole_mesure: Text | None = None
    criteres_arret: Text | None = None
    passage_echelle: Text | None = None
    deliberation: instruments.PublicDecision | None = None
    competence_exercee: Line | None = None
    interet_public_local: Text | None = None
    # services and sponsorship (§1.5)
    prestation: instruments.Services | None = None
    prestataire: instruments.Provider | None = None
    prix: instruments.Price | None = None
    paiement: instruments.Payment | None = None
    reception: instruments.Acceptance | None = None
    vigilance: instruments.Vigilance | None = None
    sous_traitance: instruments.Subcontracting | None = None
    plafond_responsabilite: Text | None = None
    visibilite: tuple[instruments.Visibility, ...] | None = None
    droit_image: instruments.ImageRights | None = None
    annulation_evenement: Text | None = None
    evenement: instruments.Event | None = None
    achat_responsable: instruments.InclusivePurchase | None = None
    # memorandum of understanding (§1.6)
    usage: Literal["negociation", "cadre", "prefiguration"] | None = None
    portee: instruments.Scope | None = None
    travaux: tuple[instruments.Task, ...] | None = None
    date_butoir: Day | None = None
    couts: instruments.Costs | None = None
    exclusivite_negociation_mois: int | None = None
    conditions: Texts | None = None
    conditions_suspensives_connues: bool | None = None
    conventions_filles: tuple[instruments.FollowingAgreement, ...] | None = None
    fin_sans_suite: Text | None = None
    # public money (§1.7), plan (§1.8), evaluation (§1.9)
    subvention: instruments.Grant | None = None
    plan: plans.Plan | None = None
    eval: plans.CrossedEvaluation | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one slot: ``kind`` names a sentence of ``messages.yaml``."""

    slot: str
    kind: str
    value: str = ""


class InvalidFacts(CallerError):
    """Facts that name unknown slots or hold values that cannot be; nothing was taken."""

    code = "faits_invalides"

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        first = problems[0]
        others = len(problems) - 1
        super().__init__(
            f"slot_{first.kind}",
            slot=", ".join(p.slot for p in problems if p.kind == first.kind),
            valeur=first.value,
            autres=others,
        )


def parse_facts(value: Any) -> Facts:
    """Facts out of JSON; raises ``InvalidFacts`` naming every slot that is wrong."""
    if not isinstance(value, Mapping):
        raise InvalidFacts((Problem("", "objet"),))
    try:
        return Facts.model_validate(value)
    except ValidationError as error:
        raise InvalidFacts(tuple(_problems(error))) from error


def _problems(error: ValidationError) -> Iterator[Problem]:
    for item in error.errors(include_url=False):
        slot = ".".join(str(part) for part in item["loc"] if not _is_type_name(str(part)))
        yield Problem(_sayable(slot), _kind(item), _shown(item.get("input")))


def _is_type_name(part: str) -> bool:
    # pydantic adds the name of the validator it was in: « function-before[...] »
    return bool(re.match(r"[a-z-]+\[", part))


def _kind(item: Any) -> str:  # noqa: PLR0911 - a table of kinds
    kind = str(item["type"])
    if kind == "extra_forbidden":
        return "inconnu"
    bounds = item.get("ctx", {})
    # pydantic writes the bound of a date as text, that of a number as a number
    if kind.startswith("date") or isinstance(bounds.get("ge", bounds.get("le")), str):
        return "date"
    if kind.startswith(("greater_than", "less_than", "decimal", "int", "float", "finite")):
        return "nombre"
    if kind in ("literal_error", "bool_parsing", "bool_type"):
        return "choix"
    if kind == "value_error" and "dix_points" in str(item["msg"]):
        return "dix_points"
    if kind.startswith("string_too_long"):
        return "long"
    return "valeur"


def _shown(value: Any) -> str:
    text = _sayable(str(value))
    return text if len(text) <= 60 else text[:59] + "…"


def _sayable(text: str) -> str:
    """Without lone surrogates, which JSON may hold and no page can."""
    return text.encode(errors="replace").decode()
