"""Conditions that several documents name. Each answers true, false, or None for unknown.

A list that could still grow (the parties) gives « unknown » rather than « false » until two
parties are named.
"""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from assistant.casefile.parties import Party
from assistant.drafting.documents.logic import Truth, View, condition

PUBLIC = ("collectivite", "etablissement_public")
ASSOCIATION = ("association",)
COMPANIES = ("entreprise", "SIAE", "ESAT")
# domain/conventions.md §1.0 B-OBJECTIFS and §2.7 PROB
MONTHS_OF_A_YEAR = 12
AGREEMENT_THRESHOLD = Decimal(23_000)
CONFLICT_THRESHOLD = Decimal(10_000)


def some(values: Iterable[Truth]) -> Truth:
    """Kleene's « or »: true wins, then unknown."""
    found = list(values)
    if True in found:
        return True
    return None if None in found else False


def every(values: Iterable[Truth]) -> Truth:
    """Kleene's « and »: false wins, then unknown."""
    found = list(values)
    if False in found:
        return False
    return None if None in found else True


def is_in(value: Any, values: tuple[Any, ...]) -> Truth:
    """Whether a value, if known, is one of some."""
    return None if value is None else value in values


def above(value: Any, limit: Decimal | int) -> Truth:
    """Whether a number, if known, is more than a limit."""
    return None if value is None else value > limit


def _any_party(view: View, test: Callable[[Party], Truth]) -> Truth:
    parties = view.facts.parties or ()
    found = [test(p) for p in parties]
    return some([*found, *([None] if len(parties) < 2 else [])])


@condition
def payeur_public(view: View) -> Truth:
    return is_in(view.get("payeur_public"), (True,))


@condition
def personne_publique_partie(view: View) -> Truth:
    return _any_party(view, lambda p: is_in(p.type_acteur, PUBLIC))


def _parties_more_than(view: View, count: int) -> Truth:
    parties = view.facts.parties
    return None if parties is None or len(parties) < 2 else len(parties) > count


@condition
def plus_de_deux_parties(view: View) -> Truth:
    return _parties_more_than(view, 2)


@condition
def trois_parties_ou_plus(view: View) -> Truth:
    return _parties_more_than(view, 2)


@condition
def duree_indeterminee(view: View) -> Truth:
    return is_in(view.get("duree.indeterminee"), (True,))


@condition
def duree_superieure_12_mois(view: View) -> Truth:
    if view.get("duree.indeterminee"):
        return True
    start, end = view.get("duree.date_debut"), view.get("duree.date_fin")
    if start is not None and end is not None:
        whole = (end.year - start.year) * MONTHS_OF_A_YEAR + end.month - start.month
        return bool((whole, end.day) >= (MONTHS_OF_A_YEAR, start.day))
    return above(view.get("duree.mois"), MONTHS_OF_A_YEAR)


def _amounts(view: View) -> list[Any]:
    slots = ("don.montant", "prix.montant_ht", "finances.montant")
    return [view.get(slot) for slot in slots]


def _amount_above(view: View, limit: Decimal) -> Truth:
    # a document has one amount; the slots of other documents stay empty and decide nothing
    known = [amount for amount in _amounts(view) if amount is not None]
    return some([amount > limit for amount in known]) if known else None


@condition
def montant_superieur_23000(view: View) -> Truth:
    return _amount_above(view, AGREEMENT_THRESHOLD)


@condition
def indicateurs_obligatoires(view: View) -> Truth:
    return some([duree_superieure_12_mois(view), montant_superieur_23000(view)])


@condition
def evenement_date(view: View) -> Truth:
    planned = is_in(view.get("evenement.prevu"), (True,))
    return True if view.get("evenement.date") is not None else planned


@condition
def pilotage_strategique(view: View) -> Truth:
    return some([plus_de_deux_parties(view), duree_superieure_12_mois(view)])


@condition
def evaluation_prevue(view: View) -> Truth:
    return is_in(view.get("evaluation.prevue"), (True,))


@condition
def usage_de_marque(view: View) -> Truth:
    brands = view.get("communication.marques")
    return None if brands is None else len(brands) > 0


@condition
def exclusivite_active(view: View) -> Truth:
    return is_in(view.get("exclusivite.mode"), ("secteur", "territoire", "pleine"))


@condition
def donnees_personnelles(view: View) -> Truth:
    return is_in(view.get("rgpd.donnees_personnelles"), (True,))


@condition
def rgpd_acte_ecrit(view: View) -> Truth:
    shared = is_in(view.get("rgpd.roles"), ("conjoints_art26", "sous_traitant_art28"))
    return every([donnees_personnelles(view), shared])


@condition
def intervention_sur_site(view: View) -> Truth:
    return is_in(view.get("assurance.intervention_sur_site"), (True,))


@condition
def pret_de_chose(view: View) -> Truth:
    return is_in(view.get("pret.usage_seulement"), (True,))


@condition
def declaration_conflits_requise(view: View) -> Truth:
    """An amount of 10 000 euros or more, or a known tie (§1.0 B-PROBITE; the AFA's guide)."""
    tie = _tied(view.get("mecene.lien_beneficiaire"))
    other = _tied(view.get("conflits_interets"))
    return some([_amount_above(view, CONFLICT_THRESHOLD - Decimal("0.01")), tie, other])


def _tied(ties: Any) -> Truth:
    if ties is None or "inconnu" in ties:
        return None
    return any(tie != "aucun" for tie in ties)


@condition
def entreprise_sapin2(view: View) -> Truth:
    return _any_party(view, lambda p: p.soumise_sapin2 if _company(p) else _company(p))


def _company(party: Party) -> Truth:
    return is_in(party.type_acteur, COMPANIES)


@condition
def annexes_presentes(view: View) -> Truth:
    annexes = view.get("annexes")
    return None if annexes is None else len(annexes) > 0


@condition
def flux_avec_prix(view: View) -> Truth:
    flows = view.get("flux")
    return None if flows is None else "prix" in flows


@condition
def contreparties_presentes(view: View) -> Truth:
    returns = view.get("contreparties")
    return None if returns is None else len(returns) > 0


@condition
def rescrit_obtenu(view: View) -> Truth:
    eligible = [p.eligible_mecenat for p in view.facts.parties or () if p.role == "beneficiaire"]
    known = [e for e in eligible if e not in (None, "inconnu")]
    return "oui_rescrit" in known if known else None


@condition
def partie_association(view: View) -> Truth:
    return is_in(view.get(".type_acteur"), ASSOCIATION)


@condition
def partie_entreprise(view: View) -> Truth:
    return is_in(view.get(".type_acteur"), COMPANIES)


@condition
def partie_publique(view: View) -> Truth:
    return is_in(view.get(".type_acteur"), PUBLIC)


@condition
def partie_beneficiaire(view: View) -> Truth:
    return is_in(view.get(".role"), ("beneficiaire",))


@condition
def partie_immatriculee(view: View) -> Truth:
    """Company or public body, or an association with staff or grants (§1.0 B-PARTIES)."""
    known = some([partie_entreprise(view), partie_publique(view)])
    busy = some([view.get(".employeur"), view.get(".subventionnee")])
    return some([known, every([partie_association(view), busy])])
