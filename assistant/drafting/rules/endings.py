"""Rules of duration, ends and disputes (domain/conventions.md §2.6)."""

import re
from collections.abc import Iterator
from datetime import date

from assistant.casefile.blocks import Duration
from assistant.drafting import figures
from assistant.drafting.rules import situation
from assistant.drafting.rules.rule import Context, Hit, rule

# what a court is called, and the words after which it is still the law that chooses its place
_COURT = (
    r"\b(?:tribuna(?:l|ux)|cours?|juridictions?|tgi|tj|tae)"
    r"(?: (?:judiciaires?|competente?s?|de commerce|de grande instance|d appel|de proximite"
    r"|des activites economiques|civile?s?|francaise?s?))*"
)
_LEGAL = (
    r"droit|lieu|domicile|defend\w+|ressort|commerce|proximite|appel|grande|activites|competent\w*"
    r"|judiciaires?|territorial\w*|materiel\w*|design\w+|determin\w+|selon|par|qui|que|est|sera"
    r"|seront|sont|prevu\w*|lega\w+|loi|conforme\w*|en|ou|et|pour|dont|statuant|saisi\w*|demeure"
    r"|residence|partie|francais\w*|civil\w*|fix\w+|code|regles|de|du|des|la|le|les|dans"
)
_PLACE = re.compile(
    rf"{_COURT} (?:(?:de|du|d|des|a|au) )?(?:(?:la|le|les|l) )?(?!(?:{_LEGAL})\b)\w{{3,}}"
)
_COURT_WORD = re.compile(_COURT)


@rule("RES-01")
def no_renewal_no_word(ctx: Context) -> Iterator[Hit]:
    """What becomes of people and things when the agreement is not renewed (guide p. 49-50)."""
    facts = ctx.facts
    said = (
        (facts.duree and facts.duree.non_renouvellement_consequences)
        or facts.non_renouvellement
        or (ctx.contract == "protocole_accord" and facts.fin_sans_suite)
    )
    if situation.binds(ctx.contract, facts) and not said:
        yield Hit(("duree.non_renouvellement_consequences",))


@rule("RES-02")
def early_end_unsettled(ctx: Context) -> Iterator[Hit]:
    """When one may stop early, and what follows (guide p. 49-50)."""
    # a memorandum ends by its own date and issue (§1.6): PROT-02
    if ctx.contract == "protocole_accord" or not situation.binds(ctx.contract, ctx.facts):
        return
    ending = ctx.facts.resiliation
    missing = []
    if not (ending and (ending.cas or ending.preavis_jours is not None)):
        missing.append("resiliation.cas")
    if not (ending and ending.consequences):
        missing.append("resiliation.consequences")
    if missing:
        yield Hit(tuple(missing), {"manques": tuple(missing)})


def _bounds(ctx: Context) -> tuple[date | None, date | None]:
    """The first and the last day, wherever the case says them."""
    return situation.start(ctx.facts), situation.end(ctx.facts)


def _has_no_duration(ctx: Context) -> bool:
    facts, length = ctx.facts, ctx.facts.duree or Duration()
    if ctx.contract == "protocole_accord" and facts.date_butoir:
        return False
    start, end = _bounds(ctx)
    if length.indeterminee or length.mois:
        return start is None
    return start is None or end is None


@rule("RES-03")
def impossible_duration(ctx: Context) -> Iterator[Hit]:
    """No duration, an end before its start, or a number of months that the dates deny."""
    facts, length = ctx.facts, ctx.facts.duree or Duration()
    pairs = {
        "duree.date_fin": (length.date_debut, length.date_fin),
        "mc.fin": (facts.mc.debut, facts.mc.fin) if facts.mc else (None, None),
        "date_butoir": (length.date_debut, facts.date_butoir),
    }
    for slot, (start, end) in pairs.items():
        if start and end and end <= start:
            details = {"debut": figures.day(start), "fin": figures.day(end)}
            yield Hit((slot, "duree.date_debut"), {"cas": "ordre", **details})
            return
    if length.date_debut and length.date_fin and length.mois:
        counted = situation.months_between(length.date_debut, length.date_fin)
        if abs(counted - length.mois) > 1:
            details = {"mois": str(length.mois), "comptes": str(counted)}
            yield Hit(("duree.mois", "duree.date_fin"), {"cas": "mois", **details})
            return
    if situation.binds(ctx.contract, facts) and _has_no_duration(ctx):
        yield Hit(("duree.date_debut", "duree.date_fin"), {"cas": "absente"})


@rule("RES-04")
def long_relation_short_notice(ctx: Context) -> Iterator[Hit]:
    """A steady relation that a short notice may end (C. com. L.442-1 II)."""
    facts = ctx.facts
    notices = [
        days
        for days in (
            facts.resiliation.preavis_jours if facts.resiliation else None,
            facts.duree.preavis_non_renouvellement_jours if facts.duree else None,
        )
        if days is not None
    ]
    said = facts.services_reguliers
    steady = ctx.contract in situation.PAID if said is None else said
    if not steady or not notices or facts.relation_mois is None:
        return
    long = ctx.parameters.amount("outil.rupture.relation_mois")
    short = ctx.parameters.amount("outil.rupture.preavis_jours")
    if facts.relation_mois > long and min(notices) < short:
        yield Hit(
            ("resiliation.preavis_jours", "relation_mois"),
            {"jours": str(min(notices)), "mois": str(facts.relation_mois)},
        )


@rule("RES-05")
def tacit_patronage(ctx: Context) -> Iterator[Hit]:
    """Patronage that renews itself: budget and eligibility are not looked at again."""
    length = ctx.facts.duree
    if ctx.contract in situation.GIVING and length and length.renouvellement == "tacite":
        yield Hit(("duree.renouvellement",))


@rule("RES-06")
def expired_and_going_on(ctx: Context) -> Iterator[Hit]:
    """The agreement is over and the relation goes on (guide p. 49, 58)."""
    end = situation.end(ctx.facts)
    if ctx.facts.relation_poursuivie and (end is None or end < ctx.today):
        cas = "sans_date" if end is None else "date"
        fin = "" if end is None else figures.day(end)
        yield Hit(("relation_poursuivie", "duree.date_fin"), {"cas": cas, "fin": fin})


@rule("RES-07")
def event_without_cancellation(ctx: Context) -> Iterator[Hit]:
    """A dated event, and nothing on its cancellation or its delay."""
    facts = ctx.facts
    dated = facts.evenement and facts.evenement.date
    if (
        situation.binds(ctx.contract, facts)
        and dated
        and not situation.cancellation_is_settled(facts)
    ):
        yield Hit(("resiliation.annulation_report", "evenement"), {"date": figures.day(dated)})


@rule("RES-08")
def endless_without_notice(ctx: Context) -> Iterator[Hit]:
    """No end and no notice: nobody may be bound for ever."""
    facts = ctx.facts
    if not (facts.duree and facts.duree.indeterminee):
        return
    if facts.duree.preavis_non_renouvellement_jours is None and not (
        facts.resiliation and facts.resiliation.preavis_jours is not None
    ):
        yield Hit(("resiliation.preavis_jours", "duree.indeterminee"))


@rule("LIT-01")
def nothing_before_court(ctx: Context) -> Iterator[Hit]:
    """Warn inside first, then have someone mediate (guide p. 49)."""
    if not situation.binds(ctx.contract, ctx.facts):
        return
    disputes = ctx.facts.litiges
    missing = []
    if not (disputes and disputes.alerte):
        missing.append("litiges.alerte")
    if not (disputes and disputes.mediation and disputes.mediation.presence is not False):
        missing.append("litiges.mediation")
    if missing:
        yield Hit(tuple(missing), {"manques": tuple(missing)})


def _names_a_place(court: str) -> bool:
    words = situation.folded(court)
    if "administrati" in words:  # CPC art. 48 does not rule administrative courts
        return False
    if not _COURT_WORD.search(words):
        return len(words.split()) <= 3  # « Lyon »
    return bool(_PLACE.search(words))


def _someone_is_no_merchant(ctx: Context) -> bool:
    facts = ctx.facts
    if ctx.contract in situation.GIVING | {"subvention_cpo"}:
        return True  # who receives is an organisation of general interest
    if facts.parties:
        return any(situation.is_merchant(party) is False for party in facts.parties)
    kinds = (facts.acteur_type, facts.partenaire_type)
    return any(kind in ("association", "collectivite", "fondation") for kind in kinds)


@rule("LIT-02")
def court_named_by_place(ctx: Context) -> Iterator[Hit]:
    """Only merchants may choose the place of their court (CPC art. 48; corrects guide p. 49)."""
    court = ctx.facts.litiges.juridiction if ctx.facts.litiges else None
    if court and _names_a_place(court) and _someone_is_no_merchant(ctx):
        yield Hit(("litiges.juridiction",), {"tribunal": court})


@rule("LIT-03")
def endless_mediation(ctx: Context) -> Iterator[Hit]:
    """A mediation that binds and has no end shuts the court for ever."""
    mediation = ctx.facts.litiges.mediation if ctx.facts.litiges else None
    if mediation and mediation.obligatoire and mediation.delai_jours is None:
        yield Hit(("litiges.mediation.delai_jours",))
