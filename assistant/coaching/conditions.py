"""When a question has a meaning: pure tests over the facts, by the name content uses.

A condition is false only when what is known rules the question out: what is not known yet may
still matter. What each name means for people: ``conditions`` in ``corpus/methode.yaml``.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from assistant.casefile.facts import Facts
from assistant.casefile.paths import given, read

Condition = Callable[[Facts], bool]
_PUBLIC = frozenset({"collectivite", "etablissement_public"})
_GENERAL_INTEREST = frozenset({
    "association", "fondation", "fonds_dotation", "SIAE", "ESAT", "autre",
})  # fmt: skip
_GIFTS = frozenset({"don_numeraire", "don_nature", "temps_salarie"})
_MONEY = frozenset({"don_numeraire", "prix", "subvention", "partage_revenus"})
_NO_EXCHANGE = frozenset({"aucun", "mutualisation"})


def _flows(facts: Facts) -> frozenset[str] | None:
    """What circulates; None when nobody knows."""
    if not facts.flux or "inconnu" in facts.flux:
        return None
    return frozenset(facts.flux)


def _any_flow(*names: str) -> Condition:
    def circulates(facts: Facts) -> bool:
        flows = _flows(facts)
        return flows is None or not flows.isdisjoint(names)

    return circulates


def _something_to_count(facts: Facts) -> bool:
    return _flows(facts) != frozenset({"aucun"})


def _given_back(facts: Facts) -> bool:
    """Someone may receive something in return for what he brings."""
    flows = _flows(facts)
    return flows is None or not flows <= _NO_EXCHANGE | {"pret_ou_capital"}


def _visible_return(facts: Facts) -> bool:
    return _given_back(facts) and facts.contrepartie_niveau != "aucune"


def _tax_beneficiary(facts: Facts) -> bool:
    """A gift may open a right to a receipt (§3.2, J5 to J7); a price never does."""
    return _any_flow(*_GIFTS)(facts) and facts.contrepartie_niveau != "equivalente"


def _sides(facts: Facts) -> frozenset[str]:
    named = {facts.acteur_type, facts.partenaire_type}
    return frozenset(str(s) for s in named | {p.type_acteur for p in facts.parties or ()} if s)


def _public_side(facts: Facts) -> bool:
    """A public body is at the table, or may be.

    An association may always be paid by one; a company only once a public partner is known.
    """
    if facts.payeur_public or "subvention" in (facts.flux or ()) or _sides(facts) & _PUBLIC:
        return True
    if len(facts.parties or ()) >= 2 and all(p.type_acteur for p in facts.parties or ()):
        return False
    return facts.partenaire_type is None and facts.acteur_type != "entreprise"


def _paid_by_public(facts: Facts) -> bool:
    return _public_side(facts) and facts.payeur_public is not False


def _partner_may_be(*kinds: str) -> Condition:
    def may_be(facts: Facts) -> bool:
        return facts.partenaire_type is None or facts.partenaire_type in kinds

    return may_be


def _partner_known(facts: Facts) -> bool:
    """False only when the person described whom to look for instead of naming anyone."""
    named = facts.partenaire_nom or facts.candidats or len(facts.parties or ()) >= 2
    return bool(named) or facts.profil_cible is None


def _partner_unknown(facts: Facts) -> bool:
    return not (facts.partenaire_nom or len(facts.parties or ()) >= 2)


def _many_sides(facts: Facts) -> bool:
    """Three sides or more; a whole territory is that too (§3.1)."""
    return len(facts.parties or ()) > 2 or facts.sens_apport == "ensemble_vers_territoire"


def _close_cooperation(facts: Facts) -> bool:
    return facts.coconstruction is None or facts.coconstruction >= 3


def _to_evaluate(facts: Facts) -> bool:
    """Something was done together: not before a first contact led to a signature."""
    signed = facts.signature is not None and facts.signature.date is not None
    return facts.maturite != 1 or signed or facts.eval is not None


def _agreement(facts: Facts) -> bool:
    return facts.refus_contractualiser is not True


def _plan(facts: Facts) -> bool:
    return facts.docs_demandes is None or "plan_action" in facts.docs_demandes


def _is(path: str, *values: Any) -> Condition:
    """The slot may hold one of ``values``: it does, or nothing was said."""

    def holds(facts: Facts) -> bool:
        value = read(facts, path)
        return not given(value) or value in values

    return holds


def _said(path: str, value: Any) -> Condition:
    """The slot was said to hold ``value``; nothing said is no."""

    def holds(facts: Facts) -> bool:
        return bool(read(facts, path) == value)

    return holds


def _contract(*names: str) -> Condition:
    """One of these contracts may be drafted: asked for, or nothing else was."""

    def wanted(facts: Facts) -> bool:
        return facts.contrat_demande in names if facts.contrat_demande else True

    return wanted


def _both(*conditions: Condition) -> Condition:
    def hold(facts: Facts) -> bool:
        return all(condition(facts) for condition in conditions)

    return hold


def _conflict(facts: Facts) -> bool:
    return bool(set(facts.conflits_interets or ()) - {"aucun", "inconnu"})


CONDITIONS: Mapping[str, Condition] = MappingProxyType({
    "don_envisage": _any_flow(*_GIFTS),
    "don_numeraire": _any_flow("don_numeraire"),
    "don_nature": _any_flow("don_nature"),
    "temps_salarie": _any_flow("temps_salarie"),
    "prix": _any_flow("prix"),
    "partage_revenus": _any_flow("partage_revenus"),
    "vente_au_public": _any_flow("prix", "partage_revenus", "don_numeraire"),
    "subvention": _both(_any_flow("subvention"), _public_side),
    "argent_verse": _any_flow(*_MONEY),
    "montant_a_dire": _something_to_count,
    "contrepartie_possible": _given_back,
    "contrepartie_recue": _visible_return,
    "beneficiaire_fiscal": _tax_beneficiary,
    "personne_publique": _public_side,
    "public_payeur": _paid_by_public,
    "partenaire_connu": _partner_known,
    "partenaire_inconnu": _partner_unknown,
    "partenaire_interet_general": _both(_partner_known, _partner_may_be(*_GENERAL_INTEREST)),
    "partenaire_entreprise": _both(_partner_known, _partner_may_be("entreprise")),
    "plusieurs_parties": _many_sides,
    "cooperation_etroite": _close_cooperation,
    "apport_a_l_entreprise": _is("sens_apport", "A_vers_E", "reciproque", "ensemble_vers_tiers"),
    "echange_de_savoirs": _both(
        _is("sens_apport", "reciproque", "E_vers_A", "A_vers_E"), _is("coconstruction", 2, 3)
    ),
    "autre_montant": _any_flow("mutualisation", "pret_ou_capital"),
    "relation_existante": _is("maturite", 2, 3, 4),
    "evaluation_en_cours": _to_evaluate,
    "contractualisation": _agreement,
    "plan_demande": _plan,
    "partenariat_ecrit": _both(_agreement, _contract("partenariat", "protocole_accord")),
    "conflit_passe": _said("historique_conflit", "oui"),
    "conflit_interets": _conflict,
    "facilitateur_trouve": _said("facilitateur", "oui"),
    "projet_territoire_existe": _said("projet_territoire", "oui"),
    "donnees_partagees": _is("rgpd.donnees_personnelles", True),
    "mediation_prevue": _is("litiges.mediation.presence", True),
    "duree_determinee": _is("duree.indeterminee", False),
})  # fmt: skip
