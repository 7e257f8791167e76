"""Rules of services, value added tax and sponsorship (domain/conventions.md §2.4)."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from assistant.casefile.facts import Facts
from assistant.casefile.paths import given
from assistant.drafting import figures
from assistant.drafting.rules import reading, situation
from assistant.drafting.rules.rule import Context, Hit, rule


def _price(facts: Facts) -> Decimal | None:
    return facts.prix.montant_ht if facts.prix else None


def _vat_is_known(facts: Facts) -> bool:
    seller = situation.seller(facts)
    return (
        bool(facts.tva and facts.tva.regime)
        or given(facts.assujetti_tva)
        or bool(seller and given(seller.assujetti_tva))
    )


@rule("TVA-01")
def vat_regime_unknown(ctx: Context) -> Iterator[Hit]:
    """A price without the tax regime of who is paid (guide p. 48)."""
    if ctx.contract in situation.PAID and not _vat_is_known(ctx.facts):
        yield Hit(("tva.regime",))


@rule("TVA-02")
def profitable_activity(ctx: Context) -> Iterator[Hit]:
    """An association whose profitable activity passes the exemption, or comes first."""
    if ctx.contract not in situation.PAID or not situation.association_is_paid(ctx.facts):
        return
    provider = ctx.facts.prestataire
    key = "asso.franchise_lucratif"
    already = (provider.recettes_lucratives if provider else None) or Decimal(0)
    total = already + (_price(ctx.facts) or Decimal(0))
    details = {"total": figures.euros(total), "seuil": ctx.parameters.shown(key, ctx.today)}
    if total > ctx.parameters.amount(key):
        yield Hit(
            ("prestataire.recettes_lucratives", "prix.montant_ht"), {"cas": "seuil", **details}
        )
    elif provider and provider.lucratif_preponderant:
        yield Hit(("prestataire.lucratif_preponderant",), {"cas": "preponderant", **details})


def _is_sold(ctx: Context) -> bool:
    """Whether what is paid is a price, whatever the title; a gift beside it has its receipt."""
    facts = ctx.facts
    if reading.GIFTS & reading.flows(facts) and facts.contrat_demande not in situation.PAID:
        return ctx.contract in situation.PAID and "prix" not in reading.flows(facts)
    return bool({ctx.contract, ctx.recommended} & situation.PAID)


@rule("TVA-03")
def receipt_for_a_price(ctx: Context) -> Iterator[Hit]:
    """A gift receipt asked for what is sold."""
    facts = ctx.facts
    if not _is_sold(ctx):
        return
    if facts.fiscal and facts.fiscal.recu_demande:
        yield Hit(("fiscal.recu_demande",))
        return
    receipts = {"recu": facts.recu, "fiscal.recu": facts.fiscal.recu if facts.fiscal else None}
    for slot, receipt in receipts.items():
        if receipt and (receipt.modele or receipt.emetteur or receipt.signataire):
            yield Hit((slot,))
            return


def _invoice_day(ctx: Context) -> date:
    billing = ctx.facts.facturation
    days = [billing.date] if billing and billing.date else []
    days += [part.date for part in (billing.echeancier if billing else None) or () if part.date]
    # with no date of its own, an invoice comes after the day the contract is written
    return max(days, default=ctx.today)


@rule("TVA-04")
def electronic_invoice(ctx: Context) -> Iterator[Hit]:
    """An invoice dated after the start of electronic invoicing."""
    start = ctx.parameters.day("presta.facture_electronique.reception")
    if ctx.contract in situation.PAID and _invoice_day(ctx) >= start:
        yield Hit(("facturation",), {"date": figures.day(start)})


@rule("PRE-01")
def vigilance_certificate(ctx: Context) -> Iterator[Hit]:
    """A contract over the threshold without the certificate of social duties."""
    key = "presta.vigilance.seuil"
    threshold = ctx.parameters.amount(key)
    price = _price(ctx.facts)
    asked = ctx.facts.vigilance.attestation if ctx.facts.vigilance else None
    if (
        ctx.contract in situation.PAID
        and price is not None
        and price >= threshold
        and asked is not True
    ):
        yield Hit(
            ("vigilance.attestation", "prix.montant_ht"),
            {"montant": figures.euros(price), "seuil": ctx.parameters.shown(key, ctx.today)},
        )


@rule("PRE-02")
def nothing_to_accept(ctx: Context) -> Iterator[Hit]:
    """A service without deliverables, or without the way to accept them (§1.5)."""
    if ctx.contract != "prestation":
        return
    facts = ctx.facts
    missing = []
    if not (facts.prestation and facts.prestation.livrables):
        missing.append("prestation.livrables")
    if not (facts.reception and facts.reception.modalites):
        missing.append("reception.modalites")
    if missing:
        yield Hit(tuple(missing), {"manques": tuple(missing)})


@rule("PRE-03")
def price_that_hides_a_gift(ctx: Context) -> Iterator[Hit]:
    """A price called « solidaire », or none: a gift that does not say its name (guide p. 35)."""
    price = ctx.facts.prix
    if ctx.contract != "prestation" or price is None:
        return
    if price.montant_ht == 0:
        yield Hit(("prix.montant_ht",), {"cas": "gratuit"})
    elif price.solidaire:
        yield Hit(("prix.solidaire",), {"cas": "solidaire"})


@rule("PRE-04")
def one_client_weighs_too_much(ctx: Context) -> Iterator[Hit]:
    """One client is more than a share of the provider's resources (guide p. 35)."""
    provider = ctx.facts.prestataire
    share = provider.part_client_pct if provider else None
    slot = "prestataire.part_client_pct"
    if share is None:
        share, slot = ctx.facts.dependance_pct, "dependance_pct"
    limit = ctx.parameters.amount("outil.dependance.part")
    if ctx.contract in situation.PAID and share is not None and share > limit:
        yield Hit(
            (slot,), {"part": figures.percent(share / 100), "seuil": figures.percent(limit / 100)}
        )


@rule("PRE-05")
def inclusive_purchase(ctx: Context) -> Iterator[Hit]:
    """A purchase from an ESAT or an EA without its yearly certificate."""
    seller = situation.seller(ctx.facts)
    purchase = ctx.facts.achat_responsable
    kinds = [party.type_acteur for party in ([seller] if seller else ctx.facts.parties or ())]
    # an SIAE gives no right to it: only who employs people with disabilities (decree 2019-523)
    adapted = "ESAT" in kinds or (purchase is not None and seller is None and "SIAE" not in kinds)
    if ctx.contract != "prestation" or not adapted:
        return
    if purchase is None or purchase.attestation_oeth is not True:
        yield Hit(("achat_responsable.attestation_oeth",))


@rule("PAR-01")
def sponsorship_undescribed(ctx: Context) -> Iterator[Hit]:
    """A sponsorship that does not say what is shown, who is shown, or what if it is cancelled."""
    if ctx.contract != "parrainage":
        return
    facts = ctx.facts
    missing = []
    if not facts.visibilite:
        missing.append("visibilite")
    if not (facts.droit_image and facts.droit_image.clause):
        missing.append("droit_image.clause")
    if not situation.cancellation_is_settled(facts):
        missing.append("annulation_evenement")
    if missing:
        yield Hit(tuple(missing), {"manques": tuple(missing)})


@rule("PAR-02")
def shown_without_consent(ctx: Context) -> Iterator[Hit]:
    """Children or named people are shown and their consent is not there."""
    image = ctx.facts.droit_image
    if image is None or image.consentement is True:
        return
    if image.mineurs:
        yield Hit(("droit_image.consentement", "droit_image.mineurs"), {"cas": "mineurs"})
    elif image.personnes_nommees:
        yield Hit(("droit_image.consentement", "droit_image.personnes_nommees"), {"cas": "nommees"})
