"""Rules of patronage, whatever is given (domain/conventions.md §2.3, MEC)."""

from collections.abc import Iterator
from decimal import ROUND_UP, Decimal

from assistant.casefile.facts import Facts
from assistant.casefile.gifts import Receipt
from assistant.casefile.parties import company_form
from assistant.drafting import figures
from assistant.drafting.rules import reading, situation
from assistant.drafting.rules.rule import Context, Hit, Severity, rule

PROVEN = frozenset({"oui_rescrit", "oui_reseau_ou_RUP"})
INTERESTED = ("fournisseur", "candidat_marche", "demandeur_autorisation")


def _company_form(facts: Facts) -> tuple[str, str] | None:
    """The slot and the words that make the receiver a trading company."""
    found = reading.receiver(facts)
    if found is None:
        return None
    rank, party = found
    if form := company_form(party):
        return f"parties.{rank}.forme_juridique", form
    if party.type_acteur == "entreprise":
        return f"parties.{rank}.type_acteur", party.type_acteur
    return None


@rule("MEC-01")
def not_eligible(ctx: Context) -> Iterator[Hit]:
    """The receiver may not receive patronage: said, or plain from its form (CGI 238 bis)."""
    if not reading.patronage_is_meant(ctx):
        return
    value, slots = reading.eligibility(ctx.facts)
    form = _company_form(ctx.facts)
    if value == "non":
        yield Hit(slots, {"cas": "dit"})
    elif form and value not in PROVEN:
        yield Hit((form[0],), {"cas": "forme", "forme": form[1]})


@rule("MEC-02")
def eligibility_unproven(ctx: Context) -> Iterator[Hit]:
    """Nobody but the tax office can warrant that a gift opens a right (LPF L.80 C)."""
    if not reading.patronage_is_meant(ctx):
        return
    value, slots = reading.eligibility(ctx.facts)
    if value in ("inconnu", "oui_declare") or (value is None and ctx.contract in reading.GIVING):
        yield Hit(slots, {"cas": "declaree" if value == "oui_declare" else "inconnue"})


def _ratio(ctx: Context) -> Decimal | None:
    """What comes back for one euro given, at least."""
    worth, back = reading.gift_value(ctx), reading.counterparts(ctx.facts)
    return back / worth if worth and back is not None else None


@rule("MEC-03")
def too_much_comes_back(ctx: Context) -> Iterator[Hit]:
    """Counterparts over what usage admits; over half, the document is not ready."""
    if not reading.gift_is_meant(ctx):
        return
    ratio = _ratio(ctx)
    if ratio is None:
        if ctx.facts.contrepartie_niveau == "significative":
            yield Hit(("contrepartie_niveau",), {"cas": "niveau"})
        return
    usage = ctx.parameters.amount("mecenat.contreparties.usage") / 100
    stop = ctx.parameters.amount("outil.contreparties.blocage") / 100
    if ratio > usage:
        # rounded up: « 25 % » would not read as more than 25 %
        shown = figures.percent(ratio.quantize(Decimal("0.001"), ROUND_UP))
        severity = Severity.BLOCKING if ratio > stop else Severity.ALERT
        yield Hit(("contreparties", "don.montant"), {"cas": "ratio", "ratio": shown}, severity)


@rule("MEC-04")
def counterparts_unvalued(ctx: Context) -> Iterator[Hit]:
    """Counterparts that nobody put a figure on: the receiver does, at its usual price."""
    if not reading.patronage_is_meant(ctx):
        return
    facts = ctx.facts
    bare = [
        line.nature
        for line in facts.contreparties or ()
        if line.valeur is None and (line.quantite is None or line.valeur_unitaire is None)
    ]
    if facts.contreparties is None and facts.contrepartie_valeur is None:
        bare = list(facts.contrepartie_liste or ())
    if bare:
        yield Hit(("contreparties",), {"contreparties": ", ".join(bare)})


@rule("MEC-05")
def nothing_comes_back(ctx: Context) -> Iterator[Hit]:
    """No counterpart: that is worth a line (guide p. 32)."""
    facts = ctx.facts
    said = facts.contrepartie_niveau == "aucune" and not facts.contreparties
    none = facts.contreparties == () or said or facts.contrepartie_liste == ()
    nothing = none and not reading.something_comes_back(facts)
    if nothing and reading.patronage_is_meant(ctx) and reading.gift_value(ctx):
        yield Hit(("contreparties",))


def _receipts(facts: Facts) -> list[tuple[str, Receipt]]:
    found = {"fiscal.recu": facts.fiscal.recu if facts.fiscal else None, "recu": facts.recu}
    return [(slot, receipt) for slot, receipt in found.items() if receipt]


@rule("MEC-06")
def wrong_receipt(ctx: Context) -> Iterator[Hit]:
    """The receipt of a company is not the one of a person, and the agreement names it."""
    facts = ctx.facts
    forms = {slot: receipt.modele for slot, receipt in _receipts(facts) if receipt.modele}
    personal = ctx.parameters.text("mecenat.recu.cerfa_particuliers")
    unwanted = facts.fiscal is not None and facts.fiscal.recu_demande is False
    # for what is sold, no receipt is the right one: TVA-03
    if ctx.contract in reading.PAID and not reading.patronage_is_meant(ctx):
        return
    for slot, form in forms.items():
        if personal in form.replace(" ", ""):
            yield Hit((f"{slot}.modele",), {"cas": "particuliers"})
            return
    if not forms and not unwanted and ctx.contract in reading.GIVING:
        yield Hit(("fiscal.recu.modele",), {"cas": "absent"})


@rule("MEC-07")
def receipt_from_the_wrong_hand(ctx: Context) -> Iterator[Hit]:
    """The receiver alone issues the receipt."""
    giver = reading.patron(ctx.facts)
    names = situation.names_of([giver] if giver else []) - {"entreprise", "autre"} | {"mecene"}
    for slot, receipt in _receipts(ctx.facts):
        if receipt.emetteur in ("mecene", "outil", "tiers"):
            yield Hit((f"{slot}.emetteur",), {"qui": (receipt.emetteur,)})
            return
        signer = receipt.signataire
        if signer and any(reading.mentions(signer, name) for name in names):
            yield Hit((f"{slot}.signataire",), {"qui": ("mecene",)})
            return


@rule("MEC-08")
def over_the_ceiling(ctx: Context) -> Iterator[Hit]:
    """The gifts of the year pass what the company may count (CGI 238 bis)."""
    if not reading.patronage_is_meant(ctx):
        return
    amount = reading.yearly_gifts(ctx)
    turnover = ctx.facts.mecene.ca_ht if ctx.facts.mecene else None
    least = ctx.parameters.amount("mecenat.plafond.minimum")
    share = ctx.parameters.amount("mecenat.plafond.pour_mille") * (turnover or 0) / 1000
    ceiling = max(least, share.quantize(Decimal("0.01")))
    if amount is not None and amount > ceiling:
        cas = "chiffre" if turnover is not None else "sans_chiffre"
        details = {"montant": figures.euros(amount), "plafond": figures.euros(ceiling)}
        yield Hit(("don.montant", "mecene.ca_ht"), {"cas": cas, **details})


def _over(ctx: Context, path: str) -> dict[str, str] | None:
    amount = reading.yearly_gifts(ctx)
    if not reading.patronage_is_meant(ctx) or amount is None:
        return None
    over = amount > ctx.parameters.amount(path)
    return {"montant": figures.euros(amount)} if over else None


@rule("MEC-09")
def to_be_declared(ctx: Context) -> Iterator[Hit]:
    """Gifts of the year that the company declares, with the value of counterparts."""
    if details := _over(ctx, "mecenat.decl_entreprise.seuil"):
        yield Hit(("don.montant", "mecene.dons_exercice"), details)


@rule("MEC-10")
def reduced_rate(ctx: Context) -> Iterator[Hit]:
    """Gifts over which the rate falls, but for help to people in need."""
    helps = ctx.facts.beneficiaire and ctx.facts.beneficiaire.aide_personnes_en_difficulte
    if (details := _over(ctx, "mecenat.taux.seuil")) and not helps:
        yield Hit(("don.montant", "beneficiaire.aide_personnes_en_difficulte"), details)


@rule("MEC-11")
def payments_do_not_fit(ctx: Context) -> Iterator[Hit]:
    """Payments that do not make the gift, or that fall out of the agreement."""
    facts, gift = ctx.facts, ctx.facts.don
    parts = (gift.echeancier if gift else None) or ()
    if gift is None or not parts:
        return
    known = [part.montant for part in parts if part.montant is not None]
    total, whole = sum(known, Decimal(0)), len(known) == len(parts)
    if gift.montant is not None and (total > gift.montant or (whole and total != gift.montant)):
        amounts = {"somme": figures.euros(total), "montant": figures.euros(gift.montant)}
        yield Hit(("don.echeancier", "don.montant"), {"cas": "somme", **amounts})
    first, last = situation.start(facts), situation.end(facts)
    days = [part.date for part in parts if part.date]
    out = [d for d in days if (first and d < first) or (last and d > last)]
    if out:
        details = {"cas": "dates", "dates": ", ".join(figures.day(d) for d in sorted(out))}
        yield Hit(("don.echeancier", "duree"), details)


@rule("MEC-12")
def free_for_years(ctx: Context) -> Iterator[Hit]:
    """Several years promised and called free: what is signed and precise binds."""
    facts, gift = ctx.facts, ctx.facts.don
    if gift is None or not gift.presente_comme_libre:
        return
    years = {part.date.year for part in gift.echeancier or () if part.date}
    months = situation.duration_months(facts)
    limit = ctx.parameters.amount("outil.engagement_pluriannuel.mois")
    if len(years) > 1 or (months is not None and months > limit):
        yield Hit(("don.presente_comme_libre", "don.echeancier"))


@rule("MEC-13")
def use_unsaid(ctx: Context) -> Iterator[Hit]:
    """What the gift is spent on, and how one accounts for it."""
    facts = ctx.facts
    if ctx.contract not in reading.GIVING:
        return
    skills = ctx.contract == "mecenat_competences"
    # §1.3: a mission has its purpose and its review instead
    purpose = bool(skills and facts.mission and facts.mission.finalite)
    review = bool(skills and facts.evaluation and facts.evaluation.prevue)
    missing = {
        "objet.affectation": purpose or bool(facts.objet and facts.objet.affectation),
        "affectation.compte_rendu": review
        or bool(facts.affectation and facts.affectation.compte_rendu),
    }
    slots = tuple(slot for slot, said in missing.items() if not said)
    if slots:
        yield Hit(slots, {"manques": slots})


@rule("MEC-14")
def accounts_to_certify(ctx: Context) -> Iterator[Hit]:
    """Gifts of the year over which the receiver has its accounts certified (C. com. L.612-4)."""
    said = ctx.facts.beneficiaire.dons_annuels if ctx.facts.beneficiaire else None
    limit = ctx.parameters.amount("asso.commissaire.dons")
    found = reading.receiver(ctx.facts)
    public = found is not None and reading.is_public(found[1])
    own = reading.gift_value(ctx) if ctx.facts.don and not ctx.facts.don.echeancier else None
    own = own if reading.patronage_is_meant(ctx) else None
    received = max(said or Decimal(0), own or Decimal(0))
    if received > limit and not public:
        yield Hit(("beneficiaire.dons_annuels",), {"montant": figures.euros(received)})


@rule("MEC-15")
def receipts_to_declare(ctx: Context) -> Iterator[Hit]:
    """Who issues receipts declares each year how many and how much (CGI 222 bis)."""
    facts = ctx.facts
    issues = any(r.modele or r.emetteur == "beneficiaire" for _, r in _receipts(facts))
    wanted = facts.fiscal.recu_demande if facts.fiscal else None
    if ctx.contract not in reading.PAID and (issues or wanted) and wanted is not False:
        yield Hit(("fiscal.recu",))


@rule("MEC-16")
def share_of_sales(ctx: Context) -> Iterator[Hit]:
    """A share of sales called patronage: the direct interest of the business (CE, 2012)."""
    receipt = ctx.facts.fiscal.recu_demande if ctx.facts.fiscal else None
    if ctx.facts.produit_partage and (reading.gift_is_meant(ctx) or receipt):
        yield Hit(("produit_partage",))


@rule("MEC-17")
def interested_patron(ctx: Context) -> Iterator[Hit]:
    """A patron that sells to, bids for, or needs a leave from the public body it supports."""
    facts, public = ctx.facts, reading.public_receives(ctx.facts)
    links = {
        "mecene.lien_beneficiaire": facts.mecene.lien_beneficiaire if facts.mecene else None,
        "conflits_interets": facts.conflits_interets,
    }
    for slot, kinds in links.items():
        told = tuple(kind for kind in INTERESTED if kind in (kinds or ()))
        if told and public and reading.patronage_is_meant(ctx):
            yield Hit((slot,), {"liens": told})
            return
