"""Conditions of patronage in kind (§1.2): food, a loan, a place that is lent."""

from assistant.drafting.documents.conditions.general import is_in, pret_de_chose
from assistant.drafting.documents.logic import Truth, View, condition

PLACE = ("adresse", "surface", "charges_a", "assurance", "precarite", "domaine_public")


@condition
def denrees_donnees(view: View) -> Truth:
    return is_in(view.get("alimentaire.denrees"), (True,))


@condition
def local_prete(view: View) -> Truth:
    """Something was said of a place; one may still be named, so never certainly false."""
    # a flag said to be false (« not public property ») speaks of a place all the same
    return True if any(view.get(f"local.{name}") is not None for name in PLACE) else None


@condition
def apport_prete(view: View) -> Truth:
    """Use without property. A place is only ever lent, unless goods are said to be given too."""
    lent = pret_de_chose(view)
    return local_prete(view) if lent is None else lent
