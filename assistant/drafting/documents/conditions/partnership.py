"""Conditions of the partnership's variants and of the memorandum (conventions.md §1.4 and §1.6).

None of them goes from false to true when more is said, so that an answer never adds a missing
field: a variant is only refused by an answer that refuses it.
"""

from assistant.casefile.parties import Party
from assistant.drafting.documents.conditions.general import PUBLIC, every, is_in, some
from assistant.drafting.documents.logic import Truth, View, condition

# the sizes of rule GEN-11 (corpus/parametres.yaml, outil.asymetrie)
LARGE, SMALL = 250, 3
CHANGES = ("diagnostic_initial", "engagement_de_changement", "droit_de_citer_resultats")
EXPERIMENT = ("hypothese", "terrain_experimentation", "protocole_mesure", "criteres_arret")


def _any_written(view: View, slots: tuple[str, ...]) -> bool:
    return any(view.get(slot) is not None for slot in slots)


@condition
def pratiques_responsables(view: View) -> Truth:
    """The company changes what it does (typologie; guide p. 31): said, written, or its own goal."""
    said: Truth = view.get("changement_pratiques")
    if said is not None:
        return said
    own = view.get("acteur_type") == "entreprise" and view.get("objectif_dominant") == "processus"
    return True if own or _any_written(view, CHANGES) else None


@condition
def cooperation_economique(view: View) -> Truth:
    """Revenue is shared (typologie): told by what moves or by the financial terms."""
    flows, regime = view.get("flux"), view.get("finances.regime")
    shared = None if flows is None else "partage_revenus" in flows
    return some([shared, is_in(regime, ("partage_revenus",))])


@condition
def innovation_societale(view: View) -> Truth:
    """Something is tried out together (guide p. 28-29): said, written, or the goal itself."""
    said: Truth = view.get("experimentation")
    if said is not None:
        return said
    sought = view.get("objectif_dominant") == "innovation"
    return True if sought or _any_written(view, EXPERIMENT) else None


@condition
def collectivite_engagee(view: View) -> Truth:
    """A public body is a side; before sides are named, who asks or the partner may tell."""
    parties = view.facts.parties or ()
    kinds = some([is_in(party.type_acteur, PUBLIC) for party in parties])
    if kinds or (kinds is False and len(parties) > 1):
        return kinds
    wanted = (view.get("acteur_type"), view.get("partenaire_type"))
    return True if "collectivite" in wanted else None


@condition
def asymetrie_des_parties(view: View) -> Truth:
    """A large company and an association of fewer than three people (guide p. 35-36)."""
    parties = view.facts.parties or ()
    if len(parties) < 2:
        return None
    return every([some(map(_is_large, parties)), some(map(_is_small, parties))])


def _is_large(party: Party) -> Truth:
    company = is_in(party.type_acteur, ("entreprise",))
    size = None if party.effectif is None else party.effectif >= LARGE
    return every([company, some([party.soumise_sapin2, size])])


def _is_small(party: Party) -> Truth:
    association = is_in(party.type_acteur, ("association",))
    return every([association, None if party.effectif is None else party.effectif < SMALL])


@condition
def plan_contractuel(view: View) -> Truth:
    """The plan binds: it says so, or it is an annex that is part of the agreement (PLAN-04)."""
    listed = any("plan d'action" in _plain(name) for name in view.facts.annexes or ())
    if listed and view.get("annexes_font_partie_integrante"):
        return True
    return is_in(view.get("plan.valeur"), ("annexe_contractuelle",))


def _plain(name: str) -> str:
    return name.replace("\u2019", "'").casefold()


@condition
def prefiguration(view: View) -> Truth:
    """The memorandum prepares an experiment or a common structure (§1.6, use c)."""
    return is_in(view.get("usage"), ("prefiguration",))


@condition
def cle_deja_ecrite(view: View) -> Truth:
    """The same shares were given twice, for the finances and for the joint offer: printed once."""
    shares = view.get("finances.cle_repartition")
    return None if not shares else bool(shares == view.get("repartition_CA_pct"))


@condition
def factures_deja_dites(view: View) -> Truth:
    """Who invoices was given twice, with the same answer: printed once."""
    issuer = view.get("finances.qui_facture")
    return None if issuer is None else bool(issuer == view.get("facturation.qui"))
