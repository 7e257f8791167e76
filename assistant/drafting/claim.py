"""Which agreement a case says it is, before asking which it should be."""

from collections.abc import Collection
from collections.abc import Set as AbstractSet

from assistant.casefile.facts import Facts
from assistant.casefile.paths import given
from assistant.coaching.recommendation.gate import pass_gate
from assistant.coaching.recommendation.reading import read_case

_BY_ROLE = (
    (frozenset({"parrain", "parraine"}), "parrainage"),
    (frozenset({"prestataire", "client"}), "prestation"),
    (frozenset({"cotraitant"}), "partenariat"),
)
# what only one kind of agreement holds (§1.1 to §1.7), the most telling first
_BY_BLOCK = (
    (("travaux", "date_butoir", "fin_sans_suite", "conditions_suspensives_connues"),
     "protocole_accord"),
    (("visibilite", "droit_image"), "parrainage"),
    (("prix", "prestation", "prestataire", "reception", "tva", "vigilance", "paiement",
      "achat_responsable"), "prestation"),
    (("subvention",), "subvention_cpo"),
    (("mc", "salaries", "mission", "forme", "forme_mc"), "mecenat_competences"),
    (("biens", "remise", "pret", "alimentaire"), "mecenat_nature"),
    (("don", "contreparties", "mecene", "fiscal", "affectation", "recu"), "mecenat_financier"),
    (("finances", "engagements", "actions_macro", "objectifs", "perimetre", "moyens", "hypothese",
      "criteres_arret", "protocole_mesure", "offre_commune", "repartition_CA_pct"), "partenariat"),
)  # fmt: skip


def claimed(facts: Facts) -> str | None:
    """The contract that was asked for, or that the roles of the parties and the clauses tell.

    None when nothing tells; the recommendation decides then. It is this contract that the rules
    check, so that a gift with an equivalent return is caught in the gift (QUAL-01), and QUAL-02
    says when the answers lead elsewhere.
    """
    if facts.contrat_demande:
        return facts.contrat_demande
    roles = {party.role for party in facts.parties or () if party.role}
    if "mecene" in roles or ("beneficiaire" in roles and not _public_money(facts, roles)):
        return _patronage(facts)
    for names, contract in _BY_ROLE:
        if roles & names:
            return contract
    return "protocole_accord" if facts.usage or facts.portee else None


def _public_money(facts: Facts, roles: AbstractSet[str]) -> bool:
    """Who receives a grant is a beneficiary too, and gets no patronage for that."""
    return bool(facts.payeur_public) or "administration" in roles


def _patronage(facts: Facts) -> str:
    flows = facts.flux or ()
    if facts.mc or facts.salaries or facts.mission or "temps_salarie" in flows:
        return "mecenat_competences"
    if (facts.biens or facts.remise or "don_nature" in flows) and not facts.don:
        return "mecenat_nature"
    return "mecenat_financier"


def hinted(facts: Facts, visibility_words: Collection[str]) -> str | None:
    """The contract that a few facts look like, when nobody is sure enough to recommend one.

    What the gate of §3.2 says alone, else the only agreement that has such clauses: rules look at
    it, and nothing is written from it.
    """
    verdict = pass_gate(read_case(facts, visibility_words))
    if verdict.contract:
        return verdict.contract
    if verdict.row == "don":
        return _patronage(facts)
    blocks = (
        contract
        for names, contract in _BY_BLOCK
        if any(given(getattr(facts, name)) for name in names)
    )
    return next(blocks, None)
