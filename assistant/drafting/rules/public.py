"""Rules of public money: orders and grants (domain/conventions.md §2.5)."""

import math
from collections.abc import Iterator
from decimal import Decimal

from assistant.casefile.facts import Facts
from assistant.casefile.parties import Party
from assistant.casefile.paths import given
from assistant.drafting import figures
from assistant.drafting.rules import reading, situation
from assistant.drafting.rules.rule import Context, Hit, rule

TAKEN_INTO_ACCOUNT = frozenset({"sieg_mandat", "RGEC"})


def _buys(ctx: Context) -> tuple[str, ...]:
    """The slots that say that a public body buys something for itself."""
    facts = ctx.facts
    if ctx.contract == "marche_public":
        return ("initiative",) if facts.initiative == "collectivite" else ("flux",)
    if not situation.public_body_pays(facts):
        return ()
    signs = {
        "besoin_defini_par_payeur": facts.besoin_defini_par_payeur,
        "prestation_individualisee": facts.prestation_individualisee,
        "flux": "prix" in (facts.flux or ()),
        "prix": ctx.contract == "prestation" or bool(facts.prix and facts.prix.montant_ht),
        "finances.regime": bool(facts.finances and facts.finances.regime == "prix"),
    }
    return tuple(slot for slot, sign in signs.items() if sign)


@rule("CP-01")
def public_order(ctx: Context) -> Iterator[Hit]:
    """A public body pays for what it needs: an order, whatever the title (law 2000-321, 9-1)."""
    if slots := _buys(ctx):
        yield Hit(("payeur_public", *slots))


@rule("CP-02")
def small_public_order(ctx: Context) -> Iterator[Hit]:
    """The order stays under the amount where no competition is required."""
    price = ctx.facts.prix.montant_ht if ctx.facts.prix else None
    limit = ctx.parameters.amount("cp.dispense.services")
    if _buys(ctx) and price is not None and 0 < price < limit:
        yield Hit(
            ("prix.montant_ht",),
            {
                "montant": figures.euros(price),
                "seuil": ctx.parameters.shown("cp.dispense.services", ctx.today),
            },
        )


@rule("CP-03")
def patronage_that_pays(ctx: Context) -> Iterator[Hit]:
    """A gift to a public body whose counterparts are a need or an economic advantage."""
    facts = ctx.facts
    if not reading.gift_is_meant(ctx) or not reading.public_receives(facts):
        return
    if any(line.repond_besoin for line in facts.contreparties or ()):
        yield Hit(("contreparties",))
    elif facts.contrepartie_niveau in ("significative", "equivalente"):
        yield Hit(("contrepartie_niveau",))


@rule("CP-04")
def partner_and_buyer(ctx: Context) -> Iterator[Hit]:
    """An offer for a public order made with the authority that may place it (guide p. 36)."""
    facts = ctx.facts
    offer = facts.offre_commune
    if not (offer and offer.vise_marche_public):
        return
    if situation.authority_is_known(facts):
        yield Hit(("offre_commune.vise_marche_public", "parties"))


def _is_grant(ctx: Context) -> bool:
    facts = ctx.facts
    return (
        ctx.contract == "subvention_cpo"
        or facts.subvention is not None
        or "subvention" in (facts.flux or ())
        or bool(facts.finances and facts.finances.regime == "subvention")
    )


def _recipient(facts: Facts) -> Party | None:
    """The association that a grant goes to."""
    return situation.beneficiary(facts) or next(
        (p for p in facts.parties or () if p.type_acteur in situation.ASSOCIATIONS), None
    )


def _yearly(facts: Facts) -> Decimal | None:
    """Euros a year, help in kind included; a total is spread over the years it covers."""
    grant = facts.subvention
    money = grant.montant_annuel if grant else None
    if money is None:
        total = grant.montant_total if grant else None
        if total is None and facts.finances and facts.finances.regime == "subvention":
            total = facts.finances.montant
        months = situation.duration_months(facts) or 12
        money = None if total is None else total / max(1, math.ceil(months / 12))
    kind = [aid.valeur for aid in (grant.aides_nature if grant else None) or () if aid.valeur]
    return None if money is None and not kind else (money or Decimal(0)) + sum(kind, Decimal(0))


@rule("SUB-01")
def grant_without_agreement(ctx: Context) -> Iterator[Hit]:
    """Over the threshold, by authority that pays, an agreement is due (decree 2001-495)."""
    grant, amount = ctx.facts.subvention, _yearly(ctx.facts)
    written = grant.convention if grant else None
    # the agreement that is being prepared is the one the law asks for
    if written is None and ctx.facts.contrat_demande == "subvention_cpo":
        written = True
    threshold = ctx.parameters.amount("subvention.seuil_convention")
    payers = max(1, len((grant.autorites if grant else None) or ()))
    # with several payers, only what one of them at least must exceed is certain
    if amount is not None and amount > threshold * payers and written is not True:
        yield Hit(
            ("subvention.convention", "subvention.montant_annuel"),
            {
                "montant": figures.euros(amount),
                "seuil": ctx.parameters.shown("subvention.seuil_convention", ctx.today),
            },
        )


@rule("SUB-02")
def initiative_unwritten(ctx: Context) -> Iterator[Hit]:
    """A grant supports a project that its receiver started; that has to be written."""
    facts = ctx.facts
    written = (
        facts.subvention.initiative if facts.subvention else None,
        facts.considerants.origine_initiative if facts.considerants else None,
        facts.initiative,
    )
    if not _is_grant(ctx):
        return
    if not any(given(value) for value in written):
        yield Hit(("considerants.origine_initiative",), {"cas": "absente"})
    elif "collectivite" in written:
        yield Hit(("considerants.origine_initiative",), {"cas": "collectivite"})


@rule("SUB-03")
def republican_commitment(ctx: Context) -> Iterator[Hit]:
    """An association that receives a grant takes the republican commitment (law 2021-1109)."""
    recipient = _recipient(ctx.facts)
    held = recipient and (recipient.agreee or recipient.reconnue_utilite_publique)
    outside = recipient and recipient.type_acteur not in situation.ASSOCIATIONS
    taken = ctx.facts.subvention.CER_souscrit_date if ctx.facts.subvention else None
    if _is_grant(ctx) and taken is None and not held and not outside:
        yield Hit(("subvention.CER_souscrit_date",))


@rule("SUB-04")
def grant_unaccounted(ctx: Context) -> Iterator[Hit]:
    """The financial report of the grant, six months after the year, is not provided for."""
    if _is_grant(ctx) and not (ctx.facts.subvention and ctx.facts.subvention.compte_rendu):
        yield Hit(("subvention.compte_rendu",))


@rule("SUB-05")
def help_in_kind_unvalued(ctx: Context) -> Iterator[Hit]:
    """Premises, staff or goods that an authority lends count as a grant: they have a value."""
    facts = ctx.facts
    aids = (facts.subvention.aides_nature if facts.subvention else None) or ()
    bare = [aid.type for aid in aids if aid.valeur is None]
    public = situation.names_of(p for p in facts.parties or () if situation.is_public(p))
    # beside a grant, staff and goods count too; elsewhere a side brings its own people
    lendable = ("local", "humain", "materiel") if _is_grant(ctx) else ("local",)
    lent = [
        means.description or means.categorie
        for means in facts.moyens or ()
        if means.categorie in lendable and means.valeur_estimee is None
        and situation.folded(means.partie) in public
    ]  # fmt: skip
    if bare:
        yield Hit(("subvention.aides_nature",), {"aides": ", ".join(bare)})
    elif lent:
        yield Hit(("moyens",), {"aides": ", ".join(filter(None, lent))})


@rule("SUB-06")
def passed_on(ctx: Context) -> Iterator[Hit]:
    """Public money passed on to another without the words that allow it."""
    grant = ctx.facts.subvention
    if grant and grant.reversement_prevu and grant.reversement_autorise is not True:
        yield Hit(("subvention.reversement_autorise", "subvention.reversement_prevu"))


@rule("SUB-07")
def elected_member(ctx: Context) -> Iterator[Hit]:
    """An elected member sits in the association that is helped, and nothing keeps them apart."""
    facts = ctx.facts
    if facts.probite and facts.probite.traitement_conflits:
        return
    if facts.subvention and facts.subvention.elus_interesses:
        yield Hit(("subvention.elus_interesses",))
    elif "elu" in (facts.conflits_interets or ()) and (
        _is_grant(ctx) or situation.public_body_takes_part(facts)
    ):
        yield Hit(("conflits_interets",))


@rule("SUB-08")
def state_aid(ctx: Context) -> Iterator[Hit]:
    """Help to an economic activity, over what is too small to matter (de minimis)."""
    grant = ctx.facts.subvention
    if grant is None or not grant.activite_economique:
        return
    if grant.regime_aide_etat in TAKEN_INTO_ACCOUNT:
        return
    general = grant.regime_aide_etat == "sieg_de_minimis"
    key = "subvention.de_minimis.sieg" if general else "subvention.de_minimis.general"
    limit = ctx.parameters.amount(key)
    received = grant.cumul_trois_ans if grant.cumul_trois_ans is not None else grant.montant_total
    if received is not None and received > limit:
        yield Hit(
            ("subvention.cumul_trois_ans", "subvention.regime_aide_etat"),
            {"montant": figures.euros(received), "seuil": ctx.parameters.shown(key, ctx.today)},
        )


@rule("SUB-09")
def accounts_to_certify(ctx: Context) -> Iterator[Hit]:
    """Grants of the year over the amount that calls for an auditor (C. com. L.612-4)."""
    facts = ctx.facts
    declared = facts.beneficiaire.subventions_annuelles if facts.beneficiaire else None
    received = max(declared or Decimal(0), _yearly(facts) or Decimal(0))
    key = "asso.commissaire.subventions"
    if received > ctx.parameters.amount(key):
        yield Hit(
            ("beneficiaire.subventions_annuelles",),
            {"montant": figures.euros(received), "seuil": ctx.parameters.shown(key, ctx.today)},
        )


@rule("SUB-10")
def payment_without_delay(ctx: Context) -> Iterator[Hit]:
    """The day by which the grant is paid is not said."""
    grant = ctx.facts.subvention
    if _is_grant(ctx) and (grant is None or grant.delai_versement_jours is None):
        due = ctx.parameters.shown("subvention.versement.jours", ctx.today)
        yield Hit(("subvention.delai_versement_jours",), {"delai": due})


@rule("SUB-11")
def surplus_unsettled(ctx: Context) -> Iterator[Hit]:
    """Nothing says what becomes of a reasonable surplus."""
    if _is_grant(ctx) and not (ctx.facts.subvention and ctx.facts.subvention.excedent_raisonnable):
        yield Hit(("subvention.excedent_raisonnable",))


@rule("SUB-12")
def tacit_occupation(ctx: Context) -> Iterator[Hit]:
    """A public place is never lent again by silence alone."""
    facts = ctx.facts
    tacit = facts.duree and facts.duree.renouvellement == "tacite"
    if facts.local and facts.local.domaine_public and tacit:
        yield Hit(("duree.renouvellement", "local.domaine_public"))


@rule("SUB-13")
def not_registered(ctx: Context) -> Iterator[Hit]:
    """An association that asks for a grant needs its SIREN."""
    recipient = _recipient(ctx.facts)
    if not _is_grant(ctx) or recipient is None:
        return
    if recipient.type_acteur in situation.ASSOCIATIONS and not (recipient.siren or recipient.siret):
        yield Hit(("parties.siren",))
