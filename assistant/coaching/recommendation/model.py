"""One of the nine models, by its signature in the slots (§3.4; typologie)."""

from dataclasses import dataclass

from assistant.coaching.recommendation.gate import Verdict
from assistant.coaching.recommendation.reading import Because, Case

# At the crossing of two categories: good for experiments (guide p. 32).
CROSSINGS = frozenset({"partage_expertise", "modele_hybride", "alternative_interet_general"})


@dataclass(frozen=True, slots=True)
class Signature:
    """A model with the slots that show it; None when none of the nine is established."""

    model: str | None = None
    because: tuple[Because, ...] = ()
    missing: tuple[str, ...] = ()


def recognise(case: Case, verdict: Verdict, category: str | None, goal: str | None) -> Signature:
    """The model of a category; nothing for a gift that cannot be patronage (J7)."""
    if verdict.row == "J7":
        return Signature()
    if category == "mecenat":
        return _patronage(case)
    if category == "innovation_societale":
        return _innovation(case)
    if category == "cooperation_economique":
        return _cooperation(case)
    if category == "pratiques_responsables":
        return _practices(case, verdict, goal)
    return Signature()


def _found(case: Case, model: str, *slots: str) -> Signature:
    return Signature(model, (Because(f"modele.{model}", case.slots(*slots)),))


def _patronage(case: Case) -> Signature:
    degree = case.facts.coconstruction
    both = case.facts.apports_reciproques or case.facts.sens_apport == "reciproque"
    if both and "don_numeraire" not in case.flows and degree in (None, 2, 3):
        names = ("sens_apport", "apports_reciproques", "coconstruction")
        return _found(case, "partage_expertise", *names)
    if "temps_salarie" in case.flows and degree in (None, 1, 2):
        return _found(case, "engagement_actif", *case.flow_slots, "coconstruction")
    if degree == 1:
        return _found(case, "mecenat_traditionnel", "sens_apport", "coconstruction")
    if degree == 2:
        return _found(case, "engagement_actif", "sens_apport", "coconstruction")
    return Signature(missing=("coconstruction",) if degree is None else ())


def _whole(case: Case) -> bool:
    """Risks, governance and a structure in common."""
    if case.facts.structure_commune is not None:
        return case.facts.structure_commune
    return case.facts.coconstruction == 4


def _innovation(case: Case) -> Signature:
    degree = case.facts.coconstruction
    if _whole(case):
        return _found(case, "modele_hybride", "coconstruction", "structure_commune")
    both = case.facts.apports_reciproques or case.facts.sens_apport == "reciproque"
    if both and degree in (None, 1, 2):
        names = ("sens_apport", "apports_reciproques", "coconstruction")
        return _found(case, "partage_expertise", *names)
    names = ("sens_apport", "coconstruction", "experimentation")
    tried = bool(case.facts.experimentation)
    if degree in (3, 4) and (case.together or tried):
        return _found(case, "rd_societale", *names)
    if degree is None and case.together and tried:
        return _found(case, "rd_societale", *names)
    asked = {"coconstruction": degree is None, "sens_apport": not case.value("sens_apport")}
    return Signature(missing=tuple(slot for slot, open_ in asked.items() if open_))


def _cooperation(case: Case) -> Signature:
    if _whole(case):
        return _found(case, "modele_hybride", "coconstruction", "structure_commune")
    offer = case.slots("offre_commune.description")
    shared = "partage_revenus" in case.flows or bool(offer)
    if shared and (case.together or case.facts.coconstruction == 3):
        names = (*case.flow_slots, *offer, "sens_apport", "coconstruction")
        return _found(case, "offre_commune", *names)
    asked = () if case.value("sens_apport") else ("sens_apport",)
    return Signature(missing=asked or (() if shared else ("offre_commune.description",)))


def _practices(case: Case, verdict: Verdict, goal: str | None) -> Signature:
    degree = case.facts.coconstruction
    if verdict.row == "MEC-16":
        return _found(case, "prestation_service", *case.product_share.slots)
    if case.facts.changement_pratiques or (verdict.row == "J3" and degree == 3):
        names = ("changement_pratiques", "sens_apport", "coconstruction")
        return _found(case, "alternative_interet_general", *names)
    if verdict.row == "J3":
        return _sold(case, goal)
    if degree is None:
        return Signature(missing=("coconstruction",))
    model = "audit_pratiques" if degree == 1 else "alternative_interet_general"
    return _found(case, model, "sens_apport", "coconstruction")


def _sold(case: Case, goal: str | None) -> Signature:
    """A company that pays to work on its own ways pays for an audit, else for a service."""
    seller = case.facts.acteur_type == "association"
    if goal == "processus" and not (seller or case.gifts or case.visible.value):
        return _found(case, "audit_pratiques", *case.square.slots, *case.flow_slots)
    return _found(case, "prestation_service", *case.flow_slots, *case.level.slots)
