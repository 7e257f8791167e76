"""Conditions of services and sponsorship (§1.5): who buys, from whom, for how much.

None of them goes from false to true when more is said, so that an answer never adds a missing
field.
"""

from collections.abc import Callable
from decimal import Decimal

from assistant.casefile.parties import Party
from assistant.drafting.documents.conditions.general import PUBLIC, is_in, some
from assistant.drafting.documents.logic import Truth, View, condition

# presta.vigilance.seuil of corpus/parametres.yaml; a test keeps the two alike
VIGILANCE_THRESHOLD = Decimal(5_000)
INCLUSIVE = ("ESAT", "SIAE")


def _of_role(view: View, role: str, test: Callable[[Party], Truth]) -> Truth:
    """What the parties of a role answer; unknown as long as nobody has it."""
    found = [test(party) for party in view.facts.parties or () if party.role == role]
    return some(found) if found else None


def _is_public(party: Party) -> Truth:
    return is_in(party.type_acteur, PUBLIC)


@condition
def acheteur_public(view: View) -> Truth:
    """A public body pays for the service: a public contract, that is not drafted here (CP-01)."""
    paid = is_in(view.get("payeur_public"), (True,))
    return some([paid, _of_role(view, "client", _is_public)])


@condition
def parrain_public(view: View) -> Truth:
    """A public body buys visibility: a public contract too (CP-01)."""
    paid = is_in(view.get("payeur_public"), (True,))
    return some([paid, _of_role(view, "parrain", _is_public)])


@condition
def achat_inclusif(view: View) -> Truth:
    """Who is paid is a sheltered workshop, an adapted company or an integration structure."""
    return _of_role(view, "prestataire", lambda party: is_in(party.type_acteur, INCLUSIVE))


@condition
def achat_esat(view: View) -> Truth:
    """The yearly certificate (PRE-05) is for sheltered workshops and adapted companies alone."""
    return _of_role(view, "prestataire", lambda party: is_in(party.type_acteur, ("ESAT",)))


@condition
def achat_insertion(view: View) -> Truth:
    """Who is paid accompanies people back to work."""
    return _of_role(view, "prestataire", lambda party: is_in(party.type_acteur, ("SIAE",)))


@condition
def vigilance_requise(view: View) -> Truth:
    """The price reaches the amount from which the certificate is asked for (PRE-01)."""
    price = view.get("prix.montant_ht")
    return None if price is None else bool(price >= VIGILANCE_THRESHOLD)


@condition
def tva_facturee(view: View) -> Truth:
    return is_in(view.get("tva.regime"), ("assujetti",))


@condition
def tva_non_facturee(view: View) -> Truth:
    return is_in(view.get("tva.regime"), ("franchise", "exonere"))


@condition
def livrable_intellectuel(view: View) -> Truth:
    return is_in(view.get("pi.livrable_intellectuel"), (True,))


@condition
def images_de_personnes(view: View) -> Truth:
    """Children, or people one can recognise, are shown (PAR-02)."""
    slots = ("droit_image.mineurs", "droit_image.personnes_nommees")
    return some([is_in(view.get(slot), (True,)) for slot in slots])
