"""The legal gate J1 to J12 of §3.2: who gives what to whom, against what.

The first true row wins. Where a row may be true and one slot that decides is not known, the gate
stops and asks for it: nothing is guessed.
"""

from collections.abc import Callable
from dataclasses import dataclass

from assistant.coaching.recommendation.reading import GIFTS, IDLE, Because, Case

SMALL = ("aucune", "symbolique")
PATRONAGE = {
    "temps_salarie": "mecenat_competences",
    "don_numeraire": "mecenat_financier",
    "don_nature": "mecenat_nature",
}
# §3.4: patronage of skills « (+ financier) », so that time comes first when both are given.
_ORDER = ("temps_salarie", "don_numeraire", "don_nature")
_VALUED = {
    "don_numeraire": "don.montant",
    "don_nature": "biens",
    "temps_salarie": "mc.valeur_totale",
}
_TO_PUBLIC = ("besoin_defini_par_payeur", "prestation_individualisee")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate says. ``row`` is None when it cannot say anything yet.

    ``contract`` None with a ``row`` means that the gate stopped there: ``missing`` decides, or,
    for a « contradiction », has to be looked at again.
    """

    row: str | None = None
    contract: str | None = None
    because: tuple[Because, ...] = ()
    missing: tuple[str, ...] = ()


_Row = Callable[[Case], Verdict | None]


def pass_gate(case: Case) -> Verdict:
    """The first row that is true (§3.2)."""
    for row in _ROWS:
        verdict = row(case)
        if verdict is not None:
            return verdict
    return Verdict(missing=() if case.flows else ("flux",))


def _market(case: Case) -> Verdict | None:
    """J1. A price, or its equivalent, is a price of the public payer too (CP-01)."""
    if not case.public.value:
        return None
    asked = tuple(slot for slot in _TO_PUBLIC if case.value(slot))
    if asked:
        return _said(case, "J1", "marche_public", (*case.public.slots, *asked))
    if "prix" in case.flows:
        return _said(case, "J1", "marche_public", (*case.public.slots, "flux"), "J1.prix")
    if case.level.value == "equivalente":
        slots = (*case.public.slots, *case.level.slots)
        return _said(case, "J1", "marche_public", slots, "J1.prix")
    # Whoever takes the initiative defines the need, unless the contrary was said (art. 9-1).
    own = case.value("initiative") == "collectivite"
    paid = not case.idle and case.flows != {"partage_revenus"}
    if own and paid and case.value("besoin_defini_par_payeur") is None:
        return _said(
            case, "J1", "marche_public", (*case.public.slots, "initiative"), "J1.initiative"
        )
    return None


def _grant(case: Case) -> Verdict | None:
    """J2. A public payer whose role is not known stops the gate: grant and market differ."""
    if case.public.value:
        if case.value("initiative") == "association":
            slots = (*case.public.slots, "initiative", "prestation_individualisee")
            return _said(case, "J2", "subvention_cpo", slots)
        shares = case.flows == {"partage_revenus"}
        return None if case.idle or shares else _public_unknown(case, case.public.slots)
    if case.public.value is False:
        return _private_grant(case) if "subvention" in case.flows else None
    if "prix" in case.flows and case.local_authority:
        return _public_unknown(case, case.flow_slots, "payeur_public")
    if case.gifts and case.facts.acteur_type == "collectivite" and not case.value("sens_apport"):
        return _public_unknown(case, case.flow_slots, "sens_apport", "payeur_public")
    return None


def _private_grant(case: Case) -> Verdict:
    slots = (*case.flow_slots, *case.public.slots)
    because = (Because("subvention.contradiction", slots),)
    return Verdict("contradiction", None, because, ("payeur_public", "flux"))


def _public_unknown(case: Case, slots: tuple[str, ...], *first: str) -> Verdict:
    asked = (*first, "initiative", *_TO_PUBLIC)
    missing = tuple(slot for slot in asked if case.value(slot) is None)
    filled = case.slots(*slots, "initiative", *_TO_PUBLIC)
    return Verdict("public", None, (Because("public", filled),), missing)


def _price(case: Case) -> Verdict | None:
    """J3: a price, or the equivalent of one; sponsorship when what comes back is visibility."""
    equivalent = case.level.value == "equivalente"
    if "prix" not in case.flows and not equivalent:
        return None
    shown = bool(case.visible.value) or bool(case.product_share.value)
    contract = "parrainage" if shown else "prestation"
    slots = case.level.slots if equivalent else case.flow_slots
    text = "J3.equivalente" if equivalent and case.gifts else "J3.prix"
    if equivalent and case.gifts:
        slots = (*case.flow_slots, *slots)
    because = [Because(text, slots)]
    if shown:
        told = case.visible if case.visible.value else case.product_share
        because.append(Because("J3.parrainage", told.slots))
    asks = case.visible.value is None and (equivalent or _seeks_place(case)) and not shown
    missing = ("contrepartie_visibilite",) if asks else ()
    return Verdict("J3", contract, tuple(because), missing)


def _seeks_place(case: Case) -> bool:
    return "positionnement" in case.square.goals


def _product_share(case: Case) -> Verdict | None:
    """MEC-16, before any gift: part of each sale is no patronage as a rule."""
    if not case.product_share.value:
        return None
    contract = "parrainage" if case.visible.value else "prestation"
    because = [Because("MEC-16", case.product_share.slots)]
    if case.visible.value:
        because.append(Because("J3.parrainage", case.visible.slots))
    missing = tuple(s for s in ("produit_partage",) if case.value(s) is None)
    return Verdict("MEC-16", contract, tuple(because), missing)


def _split(case: Case) -> Verdict | None:
    """J4. Without an eligible beneficiary no part is patronage: sponsorship for all of it."""
    if not case.gifts or case.level.value != "significative":
        return None
    slots = (*case.flow_slots, *case.level.slots)
    if case.eligible.value == "non":
        return _said(case, "J4", "parrainage", (*slots, *case.eligible.slots), "J4.ineligible")
    missing = () if case.eligible.value else ("beneficiaire_eligible",)
    return Verdict("J4", "scission", (Because("J4", slots),), missing)


def _patronage(case: Case) -> Verdict | None:
    """J5 and J6; a gift whose counterpart is not known stops the gate."""
    if not case.gifts or case.eligible.value == "non":
        return None
    if case.value("sens_apport") == "A_vers_E":
        slots = (*case.flow_slots, "sens_apport")
        because = (Because("sens.contradiction", slots),)
        return Verdict("contradiction", None, because, ("sens_apport", "flux"))
    if case.level.value not in SMALL:
        return Verdict("don", None, (Because("don.contrepartie", case.flow_slots),), _worth(case))
    contract = PATRONAGE[next(flow for flow in _ORDER if flow in case.gifts)]
    slots = (*case.flow_slots, *case.level.slots)
    if case.eligible.value:
        return _said(case, "J5", contract, (*slots, *case.eligible.slots))
    return Verdict("J6", contract, (Because("J6", slots),), ("beneficiaire_eligible",))


def _worth(case: Case) -> tuple[str, ...]:
    """What would give the level: the figures first when something comes back (§3.7, 3)."""
    asked = ["contrepartie_niveau"]
    if case.level.unvalued or case.facts.contrepartie_valeur is not None:
        gifts = [_VALUED[gift] for gift in case.gifts]
        asked = ["contrepartie_valeur", *gifts, *asked]
    return tuple(slot for slot in asked if case.value(slot) is None)


def _not_eligible(case: Case) -> Verdict | None:
    """J7."""
    if case.gifts and case.eligible.value == "non":
        return _said(case, "J7", "aucun", (*case.flow_slots, *case.eligible.slots))
    return None


def _volunteers(case: Case) -> Verdict | None:
    """J8: one's own time is not a gift of the employer."""
    if not case.off_hours:
        return None
    slots = (*case.flow_slots, "temps_travail")
    return Verdict("J8", "aucun", (Because("J8", slots), Because("J8.engagement", slots)))


def _capital(case: Case) -> Verdict | None:
    """J9."""
    if "pret_ou_capital" not in case.flows:
        return None
    slots = case.flow_slots
    because = (Because("J9", slots), Because("J9.moyens", slots))
    return Verdict("J9", "protocole_accord", because)


def _shared_revenue(case: Case) -> Verdict | None:
    """J10."""
    offer = case.slots("offre_commune.description")
    if "partage_revenus" in case.flows or (offer and case.idle):
        return _said(case, "J10", "partenariat", (*case.flow_slots, *offer))
    return None


def _agreement(case: Case) -> Verdict | None:
    """J11 and J12. Whether the subject is settled may have to be read from the maturity (§3.5)."""
    if not case.flows or not case.flows <= IDLE:
        return None
    open_points = {
        "objet_arrete": case.facts.objet_arrete is False,
        "conditions_suspensives_connues": bool(case.facts.conditions_suspensives_connues),
        "conditions": bool(case.facts.conditions),
        "conventions_filles": len(case.facts.conventions_filles or ()) > 1,
    }
    uncertain = tuple(slot for slot, holds in open_points.items() if holds)
    if uncertain:
        return _said(case, "J11", "protocole_accord", (*case.flow_slots, *uncertain))
    slots = (*case.flow_slots, *case.slots("objet_arrete"))
    return Verdict("J12", "partenariat", (Because("J12", slots),))


def _said(case: Case, row: str, contract: str, slots: tuple[str, ...], text: str = "") -> Verdict:
    return Verdict(row, contract, (Because(text or row, case.slots(*slots)),))


_ROWS: tuple[_Row, ...] = (
    _market,
    _grant,
    _price,
    _product_share,
    _split,
    _patronage,
    _not_eligible,
    _volunteers,
    _capital,
    _shared_revenue,
    _agreement,
)


# J13: what each flow is in law, whatever its form.
_NATURES = {
    **dict.fromkeys(GIFTS, "don"),
    "prix": "prix",
    "partage_revenus": "partage",
    "subvention": "subvention",
    "pret_ou_capital": "capital",
}
_ACTS = {
    **PATRONAGE,
    "prix": "prestation",
    "partage_revenus": "partenariat",
    "subvention": "subvention_cpo",
    "pret_ou_capital": "protocole_accord",
}


def natures(case: Case) -> frozenset[str]:
    """The legal natures of what moves (J13); a volunteer's own time has none."""
    moving = case.flows - IDLE - ({"temps_salarie"} if case.off_hours else frozenset())
    return frozenset(_NATURES[flow] for flow in moving)


def acts(case: Case, verdict: Verdict) -> tuple[str, ...]:
    """The documents to write: one for each flow (J13), two when a gift is split (J4)."""
    if verdict.contract in (None, "aucun"):
        own: tuple[str, ...] = ()
    else:
        own = (str(verdict.contract),)
    gifts = tuple(PATRONAGE[flow] for flow in _ORDER if flow in case.gifts)
    if verdict.contract == "scission":
        return (*gifts, "prestation" if case.visible.value is False else "parrainage")
    # an act of patronage only for what is one: eligible or not known, and little in return
    if case.eligible.value == "non" or case.level.value not in SMALL:
        gifts = ()
    if verdict.row == "MEC-16":
        return own
    others: tuple[str, ...] = ()
    if len(natures(case)) > 1:
        others = tuple(act for flow, act in _ACTS.items() if flow in case.flows - set(GIFTS))
    if verdict.contract in ("parrainage", "prestation"):
        others = tuple(act for act in others if act != "prestation")
    return tuple(dict.fromkeys((*own, *gifts, *others)))
