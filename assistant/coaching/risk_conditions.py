"""When a risk applies to a case: yes, no, or not known yet, with the slots that say so.

A condition is a tuple of signs. One sign that holds is enough; the condition is ruled out only when
every sign is known not to hold. What each name means for people: ``conditions`` in
``corpus/risques.yaml``.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from assistant.casefile.base import slug
from assistant.casefile.facts import Facts
from assistant.casefile.paths import given, read
from assistant.coaching.recommendation.counterpart import read_level

GIFTS = ("don_numeraire", "don_nature", "temps_salarie")
_PUBLIC_GOOD = frozenset({"association", "fondation", "fonds_dotation", "SIAE", "ESAT"})
_PUBLIC = frozenset({"collectivite", "etablissement_public"})
_FROM_COMPANY = frozenset({"E_vers_A", "A_vers_E", "reciproque"})
_STAFF = re.compile(
    r"(\d[\d\s.\u00a0\u202f]*)\s*(?:salari|collaborat|employ|agents)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Limits:
    """The tool's own marks: a share of resources in percent, a ratio of headcounts."""

    dependance_pct: int
    ecart_de_taille: int


@dataclass(frozen=True, slots=True)
class Sign:
    """``holds`` is None when nobody knows; ``slots`` say it, or would."""

    holds: bool | None
    slots: tuple[str, ...]


Test = Callable[[Facts, Limits], Sign]


def judged(tests: tuple[Test, ...], facts: Facts, limits: Limits) -> Sign:
    """What several signs say together."""
    found = [test(facts, limits) for test in tests]
    for wanted in (True, None):
        slots = [slot for sign in found if sign.holds is wanted for slot in sign.slots]
        if slots:
            return Sign(wanted, tuple(dict.fromkeys(slots)))
    return Sign(False, tuple(dict.fromkeys(slot for sign in found for slot in sign.slots)))


def _said(path: str, test: Callable[[Any], bool]) -> Test:
    def sign(facts: Facts, _limits: Limits) -> Sign:
        value = read(facts, path)
        return Sign(test(value) if given(value) else None, (path,))

    return sign


def _is(path: str, *values: Any) -> Test:
    return _said(path, lambda value: value in values)


def _has(path: str, *members: str) -> Test:
    return _said(path, lambda value: any(member in value for member in members))


def _lacks(path: str, *stems: str) -> Test:
    """No item of a list speaks of one of ``stems``."""
    return _said(
        path, lambda value: not any(stem in str(slug(item)) for item in value for stem in stems)
    )


def _at_least(path: str, low: int) -> Test:
    return _said(path, lambda value: value >= low)


def _low(path: str) -> Test:
    """A mark of 1 or 2 out of 5."""
    return _said(path, lambda value: value <= 2)


def _only_if_said(test: Test) -> Test:
    """What nobody says is not there: such a sign never keeps a risk under watch by itself."""

    def sign(facts: Facts, limits: Limits) -> Sign:
        found = test(facts, limits)
        return Sign(found.holds or False, found.slots)

    return sign


def _both(*tests: Test) -> Test:
    def sign(facts: Facts, limits: Limits) -> Sign:
        found = [test(facts, limits) for test in tests]
        ruled_out = [s for s in found if s.holds is False]
        if ruled_out:
            return ruled_out[0]
        open_ = [s for s in found if s.holds is None] or found
        holds = open_[0].holds
        slots = (slot for s in open_ for slot in s.slots)
        # what holds because nobody said otherwise rests on no answer
        return Sign(holds, tuple(s for s in slots if holds is None or given(read(facts, s))))

    return sign


def _not(test: Test) -> Test:
    def sign(facts: Facts, limits: Limits) -> Sign:
        found = test(facts, limits)
        return Sign(None if found.holds is None else not found.holds, found.slots)

    return sign


def _excluded_sector(facts: Facts, _limits: Limits) -> Sign:
    """The partner's sector is one that this side rules out."""
    sector = str(slug(facts.partenaire_secteur or ""))
    names = [str(slug(item)) for item in facts.exclusions or ()]
    met = bool(sector) and any(name and (name in sector or sector in name) for name in names)
    return Sign(met, ("exclusions", "partenaire_secteur"))


def _no_means(facts: Facts, _limits: Limits) -> Sign:
    """Neither time nor money; known only once both were said, or one is there."""
    slots = ("moyens_disponibles", "budget_disponible")
    held = tuple(s for s in ("moyens", *slots) if getattr(facts, s))
    if held:
        return Sign(False, held)
    none = facts.budget_disponible == 0
    return Sign(True, slots[1:]) if none else Sign(None, slots)


def _dependent(facts: Facts, limits: Limits) -> Sign:
    share = facts.dependance_pct
    holds = None if share is None else share >= limits.dependance_pct
    return Sign(holds, ("dependance_pct",))


def _sizes(facts: Facts, limits: Limits) -> Sign:
    """Headcounts of the sides, and that of one's own side as it was written."""
    counts = {f"parties.{n}.effectif": p.effectif for n, p in enumerate(facts.parties or ())}
    known = {slot: max(count, 1) for slot, count in counts.items() if count is not None}
    own = _STAFF.search(facts.acteur_taille or "")
    if own and len(known) < 2:
        known["acteur_taille"] = max(int(re.sub(r"\D", "", own[1])), 1)
    if len(known) < 2:
        return Sign(None, ("acteur_taille", "parties"))
    apart = max(known.values()) >= limits.ecart_de_taille * min(known.values())
    return Sign(apart, tuple(known))


def _strong_counterpart(facts: Facts, _limits: Limits) -> Sign:
    gifts = tuple(flow for flow in GIFTS if flow in (facts.flux or ()))
    if given(facts.flux) and not gifts:
        return Sign(False, ("flux",))
    level = read_level(facts, gifts)
    if level.value is None or level.value == "inconnu":
        return Sign(None, ("flux", "contrepartie_niveau"))
    strong = level.value in ("significative", "equivalente")
    if strong and not gifts:
        return Sign(None, ("flux",))
    return Sign(strong, ("flux", *level.slots))


def _no_one_named(facts: Facts, _limits: Limits) -> Sign:
    """Nobody follows the partnership, on either side."""
    named = facts.pilotage.referents if facts.pilotage else None
    return Sign(None if named is None else not named, ("pilotage.referents",))


def _other_interest(facts: Facts, _limits: Limits) -> Sign:
    said = facts.conflits_interets
    if not given(said):
        return Sign(None, ("conflits_interets",))
    return Sign(bool(set(said or ()) - {"aucun", "inconnu", "elu"}), ("conflits_interets",))


def _public_pays(facts: Facts, _limits: Limits) -> Sign:
    if facts.payeur_public is not None:
        return Sign(facts.payeur_public, ("payeur_public",))
    if "subvention" in (facts.flux or ()):
        return Sign(True, ("flux",))
    return Sign(None, ("payeur_public",))


def _ordered(facts: Facts, limits: Limits) -> Sign:
    """The public body buys: it says what it needs, it is served, or it pays a price."""
    tests = (
        _is("besoin_defini_par_payeur", True),
        _is("prestation_individualisee", True),
        _has("flux", "prix"),
    )
    return judged(tests, facts, limits)


def _unfounded_trial(facts: Facts, _limits: Limits) -> Sign:
    """Something new is tried, and the power that the public body uses is not said."""
    if facts.experimentation and facts.competence_exercee:
        return Sign(False, ("competence_exercee",))
    return Sign(facts.experimentation, ("experimentation",))


def present(kind: str, facts: Facts) -> Sign:
    """Whether an actor of ``kind`` (association, entreprise, collectivite) is at the table."""
    family = {"association": _PUBLIC_GOOD, "collectivite": _PUBLIC}.get(kind, frozenset({kind}))
    held: dict[str, Any] = {
        "acteur_type": facts.acteur_type,
        "partenaire_type": facts.partenaire_type,
    }
    held |= {f"parties.{n}.type_acteur": p.type_acteur for n, p in enumerate(facts.parties or ())}
    for slot, value in held.items():
        if value in family:
            return Sign(True, (slot,))
    if kind == "entreprise" and facts.sens_apport in _FROM_COMPANY:
        return Sign(True, ("sens_apport",))
    if kind == "collectivite" and (sign := _public_pays(facts, Limits(0, 0))).holds:
        return sign
    sides_known = facts.partenaire_type is not None or len(facts.parties or ()) > 1
    known = facts.acteur_type is not None and sides_known
    return Sign(False if known else None, ("acteur_type", "partenaire_type"))


_COVERED = _is("confidentialite.active", True)


def _sensitive(facts: Facts, limits: Limits) -> Sign:
    """Some information must not get out."""
    strategic = _only_if_said(_is("confidentialite.informations_strategiques", True))
    return judged((strategic, _has("sujets_sensibles", "confidentialite")), facts, limits)


CONDITIONS: Mapping[str, tuple[Test, ...]] = MappingProxyType({
    "entreprise_mal_connue": (
        _low("criteres_eco.confiance"), _low("criteres_eco.reflexion"),
        _low("criteres_eco.valeurs"), _excluded_sector,
    ),
    "cadre_flou": (
        _is("objet_arrete", False), _only_if_said(_is("refus_contractualiser", True)),
        _said("objectifs.commun", lambda _: False),
    ),
    "image_avant_actes": (
        _is("communication.temporalite", "immediate"),
        _only_if_said(_is("communication.allegations_environnementales", True)),
        _only_if_said(_both(_is("contrepartie_visibilite", True), _strong_counterpart)),
    ),
    "debat_interne_a_ouvrir": (_lacks("parties_prenantes", "benevole", "adherent", "membre"),),
    "projet_mal_dimensionne": (_only_if_said(_has("risques", "moyens")), _no_means),
    "argent_qui_commande": (_dependent, _only_if_said(_low("criteres_eco.egalite"))),
    "exposition_publique": (
        _is("historique_conflit", "oui"), _is("communication.temporalite", "immediate"),
        _only_if_said(_has("communication.cibles", "medias")),
    ),
    "informations_a_proteger": (_both(_sensitive, _not(_only_if_said(_COVERED))),),
    "structure_fragile": (
        _low("criteres_sig.credibilite"), _low("criteres_sig.fiabilite"),
        _low("criteres_sig.viabilite"),
    ),
    "tailles_inegales": (_sizes, _only_if_said(_low("criteres_eco.egalite"))),
    "politique_peu_partagee": (
        _is("pilotage.direction_impliquee", False), _said("articulation_interne", lambda _: False),
    ),
    "salaries_a_associer": (_is("salaries_syndicats_associes", "non"),),
    "cadre_public_contraignant": (_unfounded_trial,),
    "place_a_trouver": (
        _at_least("coconstruction", 3), _is("sens_apport", "ensemble_vers_territoire"),
    ),
    "vision_courte": (_is("projet_territoire", "non"),),
    "mouvement_a_expliquer": (_lacks("parties_prenantes", "elu", "habitant"),),
    "elu_interesse": (_has("conflits_interets", "elu"),),
    "liens_d_interet": (_other_interest,),
    "commande_publique": (_both(_public_pays, _ordered),),
    "contrepartie_forte": (_strong_counterpart,),
    "moyens_courts": (_only_if_said(_has("risques", "moyens")), _no_means),
    "methode_a_poser": (_only_if_said(_has("risques", "methode")), _no_one_named),
    "connaissance_a_construire": (
        _only_if_said(_has("risques", "connaissance")), _is("attentes_verifiees", "non"),
        _is("maturite", 1),
    ),
    "confiance_a_construire": (
        _only_if_said(_has("risques", "confiance")), _is("historique_conflit", "oui"),
        _only_if_said(_low("criteres_eco.confiance")),
    ),
})  # fmt: skip
