"""Rules of gifts in kind (domain/conventions.md §2.3, NAT)."""

import re
from collections.abc import Iterator

from assistant.casefile.gifts import Item, Loan
from assistant.drafting.rules import reading
from assistant.drafting.rules.rule import Context, Hit, rule

KIND = "mecenat_nature"
_FOOD = re.compile(r"\b(?:denrees?|alimentaires?|aliments?|nourriture|surgeles?|conserves?)\b")


def _gives_goods(ctx: Context) -> bool:
    return ctx.contract == KIND or (
        reading.patronage_is_meant(ctx) and "don_nature" in reading.flows(ctx.facts)
    )


def _returns(loan: Loan) -> bool:
    return loan.restitution_date is not None or bool(loan.etat_des_lieux)


def _name(item: Item, rank: int) -> str:
    return item.designation or f"n° {rank + 1}"


@rule("NAT-01")
def goods_undescribed(ctx: Context) -> Iterator[Hit]:
    """Goods without a description and a quantity: no receipt can be written."""
    facts = ctx.facts
    if not _gives_goods(ctx):
        return
    place = facts.local and facts.local.adresse
    if not facts.biens:
        # a place that is lent is described by its address (§1.2)
        if ctx.contract == KIND and not place:
            yield Hit(("biens",), {"cas": "aucun"})
        return
    bare = [
        _name(item, rank)
        for rank, item in enumerate(facts.biens)
        if not item.designation or not item.quantite
    ]
    if bare:
        yield Hit(("biens",), {"cas": "incomplets", "biens": ", ".join(bare)})


@rule("NAT-02")
def goods_unvalued(ctx: Context) -> Iterator[Hit]:
    """The company values what it gives: stock, net book value or cost, never the retail price."""
    if not _gives_goods(ctx):
        return
    rows = list(enumerate(ctx.facts.biens or ()))
    retail = [_name(item, rank) for rank, item in rows if item.methode == "prix_vente_ttc"]
    bare = [_name(item, rank) for rank, item in rows if item.valeur is None]
    if retail:
        yield Hit(("biens",), {"cas": "vente", "biens": ", ".join(retail)})
    if bare:
        yield Hit(("biens",), {"cas": "absente", "biens": ", ".join(bare)})


@rule("NAT-03")
def food_without_licence(ctx: Context) -> Iterator[Hit]:
    """Food goes to an association that is licensed for food aid."""
    food = ctx.facts.alimentaire
    named = any(_FOOD.search(reading.folded(b.designation or "")) for b in ctx.facts.biens or ())
    given = food.denrees is not False if food else named and _gives_goods(ctx)
    if given and not (food and food.habilitation):
        yield Hit(("alimentaire.habilitation",))


@rule("NAT-04")
def loan_called_gift(ctx: Context) -> Iterator[Hit]:
    """Use is not property: what is lent comes back (§1.2, 2 ter)."""
    facts, loan = ctx.facts, ctx.facts.pret
    if not _gives_goods(ctx):
        return
    rented = any(item.origine == "location" for item in facts.biens or ())
    # what is to come back is lent, whoever calls it a gift
    if loan and (loan.usage_seulement or (loan.usage_seulement is None and _returns(loan))):
        if facts.transfert_propriete_date:
            yield Hit(("pret.usage_seulement", "transfert_propriete_date"), {"cas": "propriete"})
        elif loan.restitution_date is None:
            yield Hit(("pret.restitution_date",), {"cas": "retour"})
    elif rented:
        yield Hit(("biens", "pret.usage_seulement"), {"cas": "location"})
    elif facts.local and (loan is None or loan.usage_seulement is None):
        yield Hit(("local", "pret.usage_seulement"), {"cas": "local"})
