"""The category: the objective by actor (§3.3), within what the gate found (§0.3)."""

from collections.abc import Callable
from dataclasses import dataclass

from assistant.coaching.recommendation.gate import Verdict
from assistant.coaching.recommendation.reading import Because, Case

_MECENAT, _PR = "mecenat", "pratiques_responsables"
_CE, _IS, _NONE = "cooperation_economique", "innovation_societale", "hors_typologie"
# §3.3: what the objective alone suggests, by column; the first is the usual one.
SUGGESTED = {
    ("entreprise", "positionnement"): (_MECENAT, _PR),
    ("entreprise", "processus"): (_PR, _MECENAT),
    ("entreprise", "modele_eco"): (_CE, _PR),
    ("entreprise", "innovation"): (_IS,),
    ("association", "positionnement"): (_MECENAT,),
    ("association", "processus"): (_MECENAT,),
    ("association", "modele_eco"): (_MECENAT, _CE, _PR),
    ("association", "innovation"): (_IS,),
    ("collectivite", "modele_eco"): (_CE,),
    ("collectivite", "innovation"): (_IS,),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A category with its reasons; None when the facts do not decide."""

    category: str | None = None
    because: tuple[Because, ...] = ()
    missing: tuple[str, ...] = ()


def suggested(case: Case, goal: str) -> tuple[str, ...]:
    """The categories that §3.3 gives to an objective for this actor."""
    return SUGGESTED.get((case.facts.acteur_type or "", goal), ())


def place(case: Case, verdict: Verdict, goal: str | None) -> Place:
    """The category for one objective. The legal axis wins: the gate's row is read first."""
    return _BY_ROW.get(verdict.row, _free)(case, goal)


def _unsaid(_case: Case, _goal: str | None) -> Place:
    return Place()


def _public(case: Case, _goal: str | None) -> Place:
    slots = case.public.slots
    return Place(_NONE, (Because("categorie.hors_typologie.public", slots),))


def _product_share(case: Case, _goal: str | None) -> Place:
    slots = case.product_share.slots
    return Place(_PR, (Because("categorie.pratiques_responsables.partage", slots),))


def _paid(case: Case, goal: str | None) -> Place:
    """J3: what the association does for a price is responsible practice (etat; typologie)."""
    direction = case.facts.sens_apport
    built = case.together and (case.facts.coconstruction or 0) >= 3
    if built and goal in ("innovation", "modele_eco"):
        return _by_goal(case, goal)
    showing = bool(case.visible.value) or bool(case.gifts) or goal == "positionnement"
    if direction == "E_vers_A" and not showing:
        slots = case.slots(*case.flow_slots, "sens_apport")
        return Place(_NONE, (Because("categorie.hors_typologie.achat", slots),))
    if showing and direction != "A_vers_E":
        seen = (*case.visible.slots, *case.level.slots, *case.flow_slots)
        goal_slots = case.square.slots if goal == "positionnement" else ()
        slots = case.slots(*seen, *goal_slots)
        return Place(_PR, (Because("categorie.pratiques_responsables.parrainage", slots),))
    slots = case.slots(*case.flow_slots, *case.level.slots, "sens_apport")
    return Place(_PR, (Because("categorie.pratiques_responsables.prix", slots),))


def _given(case: Case, goal: str | None) -> Place:
    """A gift is patronage, unless both build for others together (§3.4)."""
    if case.together and (case.facts.coconstruction or 0) >= 3 and goal in ("innovation", None):
        if goal:
            return _innovation(case)
        return Place(missing=("objectif_dominant",))
    slots = case.slots(*case.flow_slots, "sens_apport")
    return Place(_MECENAT, (Because("categorie.mecenat.don", slots),))


def _shared(case: Case, goal: str | None) -> Place:
    """J10: revenue that is shared makes a joint offer, of social utility (etat)."""
    whole = case.facts.structure_commune or case.facts.coconstruction == 4
    if goal == "innovation" and whole:
        return _innovation(case)
    slots = case.slots(*case.flow_slots, "offre_commune.description", "sens_apport")
    return Place(_CE, (Because("categorie.cooperation_economique.revenus", slots),))


def _free(case: Case, goal: str | None) -> Place:
    """No money moves, or nobody said what does: direction and objective decide (§3.7, 2)."""
    if case.facts.changement_pratiques and not case.together:
        slots = case.slots("changement_pratiques")
        return Place(_PR, (Because("categorie.pratiques_responsables.changement", slots),))
    if case.together:
        return _joint(case, goal)
    if goal == "innovation":
        return _innovation(case)
    return _one_way(case, goal)


def _one_way(case: Case, goal: str | None) -> Place:
    """« Processus » hesitates: the direction settles it (§3.7, 2)."""
    direction = case.value("sens_apport")
    if case.facts.apports_reciproques or direction == "reciproque":
        slots = case.slots("apports_reciproques", "sens_apport")
        return Place(_MECENAT, (Because("categorie.mecenat.reciproque", slots),))
    if direction == "E_vers_A":
        return Place(_MECENAT, (Because("categorie.mecenat.sens", ("sens_apport",)),))
    if direction == "A_vers_E":
        slots = ("sens_apport",)
        return Place(_PR, (Because("categorie.pratiques_responsables.sens", slots),))
    return _people(case) if goal == "processus" else Place()


def _people(case: Case) -> Place:
    """« Processus » hesitates; with no gift a company changes its own practices (guide p. 31)."""
    if case.facts.acteur_type == "entreprise" and case.idle:
        slots = case.slots("acteur_type", *case.square.slots, *case.flow_slots)
        return Place(_PR, (Because("categorie.pratiques_responsables.objectif", slots),))
    return Place(missing=("sens_apport",))


def _joint(case: Case, goal: str | None) -> Place:
    if goal in ("innovation", "modele_eco"):
        return _by_goal(case, goal)
    if case.facts.experimentation:
        slots = case.slots("experimentation", "sens_apport")
        return Place(_IS, (Because("categorie.innovation_societale.essai", slots),))
    territory = case.facts.sens_apport == "ensemble_vers_territoire"
    built = (case.facts.coconstruction or 0) >= 3
    if goal and case.facts.acteur_type == "collectivite" and territory and built:
        slots = case.slots("acteur_type", "sens_apport", "coconstruction")
        return Place(_IS, (Because("categorie.innovation_societale.territoire", slots),))
    return Place(missing=("experimentation",) if goal else ())


def _by_goal(case: Case, goal: str | None) -> Place:
    """The objective decides alone only where §3.3 sets no condition on it."""
    if goal == "innovation":
        return _innovation(case)
    slots = case.slots(*case.square.slots, "sens_apport")
    if goal == "modele_eco" and case.together:
        return Place(_CE, (Because("categorie.cooperation_economique.objectif", slots),))
    return Place()


def _innovation(case: Case) -> Place:
    slots = case.slots(*case.square.slots, "sens_apport")
    return Place(_IS, (Because("categorie.innovation_societale.objectif", slots),))


_BY_ROW: dict[str | None, Callable[[Case, str | None], Place]] = {
    "J1": _public,
    "J2": _public,
    "public": _unsaid,
    "contradiction": _unsaid,
    "J3": _paid,
    "MEC-16": _product_share,
    **dict.fromkeys(("J4", "J5", "J6", "J7", "don"), _given),
    "J9": _by_goal,
    "J10": _shared,
}
