"""Conditions of what is no contract: the volunteer's letter, the record, the sheet of the need."""

from assistant.drafting.documents.conditions.general import every, is_in, some
from assistant.drafting.documents.logic import Truth, View, condition

HOSTS = ("association", "beneficiaire")
# flows that no record of a meeting can carry (§3.2, J15)
BINDING = frozenset({
    "don_numeraire", "don_nature", "temps_salarie", "prix", "partage_revenus", "subvention",
    "pret_ou_capital",
})  # fmt: skip


def _said_no(value: Truth) -> Truth:
    return None if value is None else not value


@condition
def partie_accueil(view: View) -> Truth:
    """On a party: the association that welcomes the volunteer."""
    return is_in(view.get(".role"), HOSTS)


@condition
def accueil_nomme(view: View) -> Truth:
    roles = [party.role for party in view.facts.parties or ()]
    return True if any(role in HOSTS for role in roles) else None


@condition
def flux_engageant(view: View) -> Truth:
    flows = view.get("flux")
    return None if flows is None else bool(BINDING & set(flows))


def _flow(view: View, name: str) -> Truth:
    flows = view.get("flux")
    return None if flows is None else name in flows


@condition
def probable_marche(view: View) -> Truth:
    """A public body pays for a need of its own, for a service to it, or a price (CP-01, J1)."""
    purchase = some(
        [
            is_in(view.get("besoin_defini_par_payeur"), (True,)),
            is_in(view.get("prestation_individualisee"), (True,)),
            _flow(view, "prix"),
            is_in(view.get("contrepartie_niveau"), ("equivalente",)),
        ]
    )
    return every([is_in(view.get("payeur_public"), (True,)), purchase])


def _initiative(view: View) -> Truth:
    slots = ("initiative", "subvention.initiative", "considerants.origine_initiative")
    said = next((value for slot in slots if (value := view.get(slot)) is not None), None)
    return is_in(said, ("association",))


@condition
def probable_subvention(view: View) -> Truth:
    """The association thought of the project; nothing is bought (loi 2000-321, art. 9-1)."""
    return every(
        [
            is_in(view.get("payeur_public"), (True,)),
            _initiative(view),
            _said_no(is_in(view.get("prestation_individualisee"), (True,))),
            _said_no(is_in(view.get("besoin_defini_par_payeur"), (True,))),
            _not_bought(view),
        ]
    )


def _not_bought(view: View) -> Truth:
    """No price and nothing of equal worth, as far as one knows: silence is no purchase."""
    bought = some([_flow(view, "prix"), is_in(view.get("contrepartie_niveau"), ("equivalente",))])
    return bought is not True
