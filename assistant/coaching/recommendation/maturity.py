"""What the maturity of the relation changes, and what is added to the contract (§3.5, J13-J15)."""

from dataclasses import dataclass
from datetime import date

from assistant.coaching.recommendation.gate import SMALL, Verdict, natures
from assistant.coaching.recommendation.reading import Because, Case

BUILT_TOGETHER = ("innovation_societale", "cooperation_economique")
ENTRY_DOORS = ("mecenat", "pratiques_responsables")
_NOT_OURS = ("marche_public", "subvention_cpo", "aucun")


@dataclass(frozen=True, slots=True)
class Form:
    """The contract in the end, what goes with it, and why."""

    contract: str | None = None
    because: tuple[Because, ...] = ()
    missing: tuple[str, ...] = ()
    protocol_first: bool = False


def formalise(case: Case, verdict: Verdict, category: str | None, model: str | None) -> Form:
    """The contract of a row, once maturity is read: a protocol may have to come first (§3.5)."""
    if verdict.row not in ("J10", "J12"):
        return Form(verdict.contract, _stage(case, verdict.contract, category))
    if model == "modele_hybride":
        slots = case.slots("coconstruction", "structure_commune")
        because = (Because("protocole.hybride", slots), *_stage(case, "protocole_accord", category))
        return Form("protocole_accord", because, protocol_first=True)
    if category not in BUILT_TOGETHER or case.facts.objet_arrete:
        decided = category is not None or case.facts.objet_arrete
        contract = verdict.contract if decided else None
        return Form(contract, _stage(case, contract, category))
    stage = case.facts.maturite
    if stage is None:
        return Form(missing=("maturite",))
    if stage <= 2:
        slots = (*case.slots("objectif_carre", "objectif_dominant", *case.flow_slots), "maturite")
        return Form("protocole_accord", (Because("maturite.protocole", slots),), (), True)
    return Form(verdict.contract, _stage(case, verdict.contract, category))


def _stage(case: Case, contract: str | None, category: str | None) -> tuple[Because, ...]:
    stage = case.facts.maturite
    if stage == 4:
        return (Because("maturite.renouvellement", ("maturite",)),)
    if contract is None or contract in _NOT_OURS or stage is None:
        return ()
    if stage == 3:
        return (Because("maturite.suivi", ("maturite",)),)
    return (Because("maturite.porte_entree", ("maturite",)),) if category in ENTRY_DOORS else ()


def annexes(
    case: Case, verdict: Verdict, contract: str | None, model: str | None
) -> tuple[tuple[str, ...], tuple[Because, ...]]:
    """What goes with the contract, in order, and why (J13 to J15, §3.5)."""
    found: dict[str, None] = {}
    because = []
    if len(natures(case)) > 1:
        found["convention_cadre"] = None
        because.append(Because("J13", case.flow_slots))
    complex_slots = complexity(case)
    ours = contract is not None and contract not in _NOT_OURS
    if complex_slots and (ours or contract is None):
        found["plan_action"] = None
        because.append(Because("J14", complex_slots))
    if ours and (model == "rd_societale" or case.facts.maturite == 3):
        found["plan_action"] = None
    if case.facts.maturite == 4 or (ours and case.facts.maturite == 3):
        found["grille_evaluation"] = None
    if case.off_hours:
        found["lettre_mission_benevolat"] = None
    if verdict.row == "J10" and answers_market(case):
        found["convention_groupement"] = None
    if verdict.row in ("J5", "J6") and _tries(case):
        found["convention_experimentation"] = None
    if verdict.row in ("J5", "J6") and receives_publicly(case):
        found["deliberation"] = None
    if case.facts.refus_contractualiser:
        found.update(dict.fromkeys(("compte_rendu", "charte")))
        because.append(Because("J15", ("refus_contractualiser",)))
    return tuple(found), tuple(because)


def _tries(case: Case) -> bool:
    return bool(case.facts.experimentation) or case.square.dominant == "innovation"


def answers_market(case: Case) -> bool:
    """The joint offer answers a public call for tenders."""
    return bool(case.facts.offre_commune and case.facts.offre_commune.vise_marche_public)


def receives_publicly(case: Case) -> bool:
    """A local authority receives the gift."""
    given = case.facts.sens_apport == "E_vers_A" and case.level.value in SMALL
    receiver = (case.facts.acteur_type, case.facts.partenaire_type)
    return given and "collectivite" in receiver and "association" not in receiver


def complexity(case: Case) -> tuple[str, ...]:
    """The slots that make a case complex (J14): more than three actions, two parties or a year."""
    facts = case.facts
    signs = {
        "actions_macro": len(facts.actions_macro or ()) > 3,
        "plan.actions": bool(facts.plan) and len((facts.plan and facts.plan.actions) or ()) > 3,
        "parties": len(facts.parties or ()) > 2,
        "experimentation": bool(facts.experimentation),
        "sens_apport": facts.sens_apport == "ensemble_vers_territoire",
        "duree.mois": bool(facts.duree and (facts.duree.mois or 0) > 12),
        "duree.date_fin": _over_a_year(case),
    }
    return tuple(slot for slot, holds in signs.items() if holds)


def _over_a_year(case: Case) -> bool:
    duration = case.facts.duree
    if duration is None or duration.date_debut is None or duration.date_fin is None:
        return False
    start: date = duration.date_debut
    # the last day of twelve months from a first day is the eve of its anniversary
    return (duration.date_fin.year - start.year, *_day(duration.date_fin)) >= (1, *_day(start))


def _day(day: date) -> tuple[int, int]:
    return day.month, day.day
