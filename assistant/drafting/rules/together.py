"""Rules of partnerships and memoranda (domain/conventions.md §2.8: CE, IS, PROT)."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from assistant.casefile.facts import Facts
from assistant.casefile.instruments import RevenueShare, Scope
from assistant.drafting import figures
from assistant.drafting.rules import situation
from assistant.drafting.rules.rule import Context, Hit, rule

# thirds written with one decimal make 99.9
ROUNDING = Decimal("0.1")


def _shares(ctx: Context) -> dict[str, Sequence[RevenueShare]]:
    facts = ctx.facts
    kept = {
        "repartition_CA_pct": facts.repartition_CA_pct,
        "finances.cle_repartition": facts.finances.cle_repartition if facts.finances else None,
    }
    return {slot: shares for slot, shares in kept.items() if shares}


def _sells_together(ctx: Context) -> bool:
    facts = ctx.facts
    return (
        facts.offre_commune is not None
        or "partage_revenus" in (facts.flux or ())
        or bool(facts.finances and facts.finances.regime == "partage_revenus")
    )


@rule("CE-01")
def joint_offer_unsettled(ctx: Context) -> Iterator[Hit]:
    """A joint offer without shares, without who invoices, or without who answers for it."""
    facts = ctx.facts
    if ctx.contract != "partenariat" or not _sells_together(ctx):
        return
    missing = []
    if not _shares(ctx):
        missing.append("repartition_CA_pct")
    invoices = facts.facturation and (facts.facturation.qui or facts.facturation.echeancier)
    if not (invoices or facts.mandataire or (facts.finances and facts.finances.qui_facture)):
        missing.append("facturation")
    if not (facts.solidarite or (facts.responsabilite and facts.responsabilite.limites)):
        missing.append("solidarite")
    if missing:
        yield Hit(tuple(missing), {"manques": tuple(missing)})


@rule("CE-02")
def shares_do_not_add_up(ctx: Context) -> Iterator[Hit]:
    """Shares that do not make one hundred."""
    for slot, shares in _shares(ctx).items():
        total = sum((share.pourcentage for share in shares), Decimal(0))
        if abs(total - 100) > ROUNDING:
            yield Hit((slot,), {"total": figures.percent(total / 100)})
            return


@rule("CE-03")
def association_as_shop(ctx: Context) -> Iterator[Hit]:
    """An association carries an offer whose trade comes first."""
    facts = ctx.facts
    offer = facts.offre_commune
    if not (offer and offer.activite_marchande_preponderante):
        return
    carrier = situation.party_named(facts, offer.porteur) if offer.porteur else None
    if carrier:
        carries = carrier.type_acteur in situation.ASSOCIATIONS
    else:
        carries = any(p.type_acteur in situation.ASSOCIATIONS for p in facts.parties or ())
        named = bool(offer.porteur) and situation.mentions(offer.porteur or "", "association")
        carries = carries or named or (not facts.parties and facts.acteur_type == "association")
    if carries:
        yield Hit(("offre_commune.activite_marchande_preponderante", "offre_commune.porteur"))


@rule("CE-04")
def joint_venture_at_once(ctx: Context) -> Iterator[Hit]:
    """A common structure is wanted by people who hardly know each other."""
    facts = ctx.facts
    # §3.4: governance and risks in common are the signature of a joint venture
    whole = facts.structure_commune
    if not (facts.coconstruction == 4 if whole is None else whole):
        return
    limit = ctx.parameters.amount("outil.relation_recente.mois")
    if facts.relation_mois is not None:
        if facts.relation_mois < limit:
            yield Hit(("structure_commune", "relation_mois"), {"cas": "mois"})
    elif facts.maturite == 1:
        yield Hit(("structure_commune", "maturite"), {"cas": "contact"})


@rule("IS-01")
def experiment_without_end(ctx: Context) -> Iterator[Hit]:
    """An experiment that is not measured, or that nothing stops (guide p. 28-29)."""
    facts = ctx.facts
    # a memorandum that prepares the trial may leave one of the two for later (§1.6)
    early = ctx.contract == "protocole_accord"
    if not (early or ctx.contract in (None, "partenariat")) or not situation.experiments(facts):
        return
    missing = []
    if not facts.criteres_arret:
        missing.append("criteres_arret")
    if not facts.protocole_mesure:
        missing.append("protocole_mesure")
    if len(missing) > early:
        yield Hit(tuple(missing), {"manques": tuple(missing)})


def _seeks_innovation(facts: Facts) -> bool:
    """Named, or the heaviest of the ten points (D1-04)."""
    points = facts.objectif_carre
    if points is None:
        return facts.objectif_dominant == "innovation"
    others = (points.processus, points.modele_eco, points.positionnement)
    return points.innovation > max(others)


@rule("IS-02")
def innovation_too_soon(ctx: Context) -> Iterator[Hit]:
    """Innovation between partners who start: two doors are easier (typologie)."""
    facts = ctx.facts
    # patronage and services are the doors that the rule would advise
    inside = ctx.contract in situation.PATRONAGE | situation.PAID
    innovates = _seeks_innovation(facts) or situation.experiments(facts)
    low = ctx.parameters.amount("outil.maturite_faible.niveau")
    if innovates and not inside and facts.maturite is not None and facts.maturite <= low:
        yield Hit(("maturite", "objectif_dominant"))


@rule("PROT-01")
def scope_unsaid(ctx: Context) -> Iterator[Hit]:
    """A memorandum says clause by clause what binds and what only says an intention."""
    if ctx.contract != "protocole_accord":
        return
    scope = ctx.facts.portee or Scope()
    if scope.clauses_engageantes is None or scope.clauses_intention is None:
        yield Hit(("portee.clauses_engageantes", "portee.clauses_intention"), {"cas": "absente"})
        return
    binding = {situation.folded(clause) for clause in scope.clauses_engageantes}
    both = [clause for clause in scope.clauses_intention if situation.folded(clause) in binding]
    if both:
        yield Hit(
            ("portee.clauses_engageantes", "portee.clauses_intention"),
            {"cas": "double", "clauses": ", ".join(both)},
        )


@rule("PROT-02")
def talks_without_end(ctx: Context) -> Iterator[Hit]:
    """A memorandum ends: by a day, and with a word on what if nothing follows."""
    if ctx.contract != "protocole_accord":
        return
    facts = ctx.facts
    missing = []
    if facts.date_butoir is None:
        missing.append("date_butoir")
    if not facts.fin_sans_suite:
        missing.append("fin_sans_suite")
    if missing:
        yield Hit(tuple(missing), {"cas": "absente", "manques": tuple(missing)})
        return
    late = [
        task.tache
        for task in facts.travaux or ()
        if task.date and facts.date_butoir and task.date > facts.date_butoir
    ]
    if late and facts.date_butoir:
        details = {
            "cas": "apres",
            "taches": ", ".join(late),
            "date": figures.day(facts.date_butoir),
        }
        yield Hit(("travaux", "date_butoir"), details)


@rule("PROT-03")
def conditions_left_out(ctx: Context) -> Iterator[Hit]:
    """Conditions that people know of and that the memorandum does not write."""
    facts = ctx.facts
    if ctx.contract != "protocole_accord" or facts.conditions:
        return
    voted = facts.deliberation and facts.deliberation.date
    if facts.conditions_suspensives_connues:
        yield Hit(("conditions", "conditions_suspensives_connues"), {"cas": "connues"})
    elif not voted and situation.authority_is_known(facts):
        yield Hit(("conditions", "deliberation"), {"cas": "deliberation"})
