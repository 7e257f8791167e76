"""How sure one may be, and what to ask next (§3.7)."""

from collections.abc import Iterable

from assistant.coaching.recommendation.gate import Verdict
from assistant.coaching.recommendation.reading import Case

# What the law settles alone: too little known of the rest takes nothing from it.
SETTLED = ("J1", "J2", "J7", "J8")
_PUBLIC = ("J1", "J2", "public")


def lacking(case: Case) -> tuple[str, ...]:
    """Which of the four that decide are not known: objective, direction, flow, counterpart.

    A counterpart only counts where something is given.
    """
    flow = case.facts.flux or ()
    gaps = {
        "objectif_dominant": not case.square.goals,
        "sens_apport": not case.value("sens_apport"),
        "flux": not case.flows or (len(flow) > 1 and "inconnu" in flow),
        "contrepartie_niveau": bool(case.gifts) and case.level.value is None,
    }
    return tuple(slot for slot, open_ in gaps.items() if open_)


def grade(case: Case, verdict: Verdict, *, tied: bool, decided: bool) -> str:
    """haute, moyenne or basse (§3.7, 4). A deduction or a tie is never « haute »."""
    if verdict.row in ("J1", "J2"):
        return "moyenne" if _deduced(case, verdict) else "haute"
    gaps = len(lacking(case))
    if gaps >= 2:
        return "basse"
    deduced = case.product_share.value and case.facts.produit_partage is None
    return "haute" if not (gaps or tied or deduced or not decided) else "moyenne"


def _deduced(case: Case, verdict: Verdict) -> bool:
    said = case.facts.payeur_public is not None
    if verdict.row == "J2":
        return not said or case.facts.prestation_individualisee is None
    return not said or verdict.because[0].id == "J1.initiative"


def to_ask(
    case: Case, verdict: Verdict, found: Iterable[str], *, tied: bool, decided: bool
) -> tuple[str, ...]:
    """The slots that would decide, most useful first.

    Nothing that is known already, but a tie, half an answer or answers that contradict each other.
    """
    order = ["acteur_type"]
    if verdict.row in ("public", "don", "contradiction"):
        order += verdict.missing
    if verdict.row not in _PUBLIC:
        gaps = list(lacking(case))
        if verdict.missing and "contrepartie_niveau" in gaps:
            gaps.remove("contrepartie_niveau")
        order += [*gaps, *(["objectif_dominant"] if tied else [])]
    if verdict.row == "J2":
        order += ["prestation_individualisee", "besoin_defini_par_payeur"]
    order += [*verdict.missing, *found]
    if "temps_salarie" in case.flows and verdict.row in ("J5", "J6"):
        order += ["temps_travail", "forme_mc"]
    if verdict.row == "J3" and case.facts.acteur_type == "association":
        order += [] if case.facts.partenaire_type else ["payeur_public"]
    if not decided and verdict.row not in _PUBLIC:
        order += ["coconstruction", "maturite"]
    asked = dict.fromkeys(order)
    reopened = {"flux", *(["objectif_dominant"] if tied else [])}
    if verdict.row == "contradiction":
        reopened.update(verdict.missing)
    return tuple(slot for slot in asked if slot in reopened or case.value(slot) is None)
