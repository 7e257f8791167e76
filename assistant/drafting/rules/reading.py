"""What a gift is worth, what comes back, who gives, who receives, and whether they may."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from assistant.casefile.facts import Facts
from assistant.casefile.parties import Party
from assistant.casefile.paths import given
from assistant.drafting.rules.rule import Context
from assistant.drafting.rules.situation import (
    AGREEMENTS,
    ASSOCIATIONS,
    GIVING,
    PAID,
    PATRONAGE,
    binds,
    folded,
    is_public,
    kind,
    mentions,
)

GIFTS = frozenset({"don_numeraire", "don_nature", "temps_salarie"})
PUBLIC_MONEY = frozenset({"subvention_cpo", "marche_public"})
# the agreements that lay down a common purpose (§1.4, §1.6)
COMMON = frozenset({"partenariat", "protocole_accord"})
STEERED = GIVING | COMMON
# what a flow of money or goods is in law, for « one act, one nature »
NATURES = {
    "don_numeraire": "don", "don_nature": "don", "temps_salarie": "don", "prix": "prix",
    "subvention": "subvention", "partage_revenus": "partage", "pret_ou_capital": "pret",
}  # fmt: skip

__all__ = [
    "AGREEMENTS", "ASSOCIATIONS", "GIVING", "PAID", "PATRONAGE", "binds", "folded", "is_public",
    "kind", "mentions",
]  # fmt: skip


def flows(facts: Facts) -> frozenset[str]:
    """What moves: said (D4-06), or told by what is described of it."""
    told = {
        "don_numeraire": facts.don and facts.don.montant,
        "don_nature": facts.biens,
        "temps_salarie": facts.salaries or lends_staff(facts) or skills_value(facts),
        "prix": facts.prix and facts.prix.montant_ht,
    }
    return frozenset(facts.flux or ()) | {flow for flow, holds in told.items() if holds}


def signing(facts: Facts) -> Iterator[tuple[int, Party]]:
    """Each side with its rank."""
    yield from enumerate(facts.parties or ())


def signs(ctx: Context) -> bool:
    """Whether sides that are listed are to sign; not where nothing is agreed (J1, J7, J8)."""
    return ctx.contract not in ("aucun", "marche_public")


def called(party: Party, rank: int) -> str:
    """How a message names a side."""
    return party.designation_courte or party.denomination or f"n° {rank + 1}"


def is_bound(party: Party) -> bool:
    """Whether a side commits itself; a third party that only helps does not."""
    return party.role != "tiers_facilitateur"


def is_covered(facts: Facts, party: Party, names: Iterable[str]) -> bool:
    """Whether one of ``names`` is this side: by name, by role, or by kind when it is alone."""
    same_kind = [p for p in facts.parties or () if p.type_acteur == party.type_acteur]
    kind = party.type_acteur if len(same_kind) == 1 else None
    own = [folded(n) for n in (party.designation_courte, party.denomination) if n]
    short = {folded(n) for n in (party.role, kind) if n}
    return any(folded(n) in short or any(mentions(n, o) for o in own) for n in names)


def uncovered(facts: Facts, names: Iterable[str]) -> list[str] | None:
    """The sides that ``names`` leave out; None when no side is known and two are not named."""
    known = list(names)
    if not facts.parties:
        return [] if len({folded(name) for name in known}) > 1 else None
    return [
        called(party, rank)
        for rank, party in signing(facts)
        if is_bound(party) and not is_covered(facts, party, known)
    ]


def patron(facts: Facts) -> Party | None:
    """Who gives: by role, or the only company."""
    sides = facts.parties or ()
    named = next((p for p in sides if p.role == "mecene"), None)
    companies = [p for p in sides if p.type_acteur == "entreprise" and p.role != "beneficiaire"]
    return named or (companies[0] if len(companies) == 1 else None)


def receiver(facts: Facts) -> tuple[int, Party] | None:
    """Who receives the gift, with its rank: by role, or the only side that does not give."""
    sides = list(signing(facts))
    named = next(((i, p) for i, p in sides if p.role == "beneficiaire"), None)
    giver = patron(facts)
    others = [(i, p) for i, p in sides if p is not giver and is_bound(p)]
    if named or giver is None or len(others) != 1:
        return named
    return others[0]


def public_receives(facts: Facts) -> bool:
    """Whether a gift goes to a public body, as a side or as who asks."""
    found = receiver(facts)
    if found:
        return is_public(found[1])
    return "collectivite" in (facts.acteur_type, facts.partenaire_type)


def eligibility(facts: Facts) -> tuple[str | None, tuple[str, ...]]:
    """Whether the gift opens a right, as was said, and where; « non » wins, then proofs."""
    found = receiver(facts)
    said: dict[str, str | None] = {}
    if found:
        said[f"parties.{found[0]}.eligible_mecenat"] = found[1].eligible_mecenat
    said["beneficiaire_eligible"] = facts.beneficiaire_eligible
    refused = tuple(slot for slot, value in said.items() if value == "non")
    if refused:
        return "non", refused
    if facts.fiscal and facts.fiscal.rescrit_date:
        return "oui_rescrit", ("fiscal.rescrit_date",)
    if found and found[1].reconnue_utilite_publique:
        return "oui_reseau_ou_RUP", (f"parties.{found[0]}.reconnue_utilite_publique",)
    known = {slot: value for slot, value in said.items() if given(value)}
    slot = next(iter(known or said))
    return known.get(slot, said[slot]), (slot,)


def gift_is_meant(ctx: Context) -> bool:
    """Whether somebody calls it a gift: the document, the request, or the flows."""
    facts = ctx.facts
    if ctx.contract in PATRONAGE or facts.contrat_demande in PATRONAGE:
        return True
    if ctx.contract in PUBLIC_MONEY or facts.payeur_public:
        return False
    return bool(GIFTS & flows(facts))


def patronage_is_meant(ctx: Context) -> bool:
    """Whether it is to be patronage; a contract with a price was chosen instead."""
    asked = ctx.facts.contrat_demande in PATRONAGE
    return gift_is_meant(ctx) and (asked or ctx.contract not in PAID)


def skills_are_given(ctx: Context) -> bool:
    """Whether working time is given."""
    return "mecenat_competences" in (ctx.contract, ctx.facts.contrat_demande) or (
        ctx.contract not in PAID and "temps_salarie" in flows(ctx.facts)
    )


def lends_staff(facts: Facts) -> bool:
    """Whether staff is lent, rather than a service offered (§1.3)."""
    return "pret_main_oeuvre" in (facts.forme, facts.forme_mc)


def is_free(facts: Facts) -> bool:
    """Whether the loan of staff costs nothing to who receives it."""
    return not (facts.mc and facts.mc.facturation)


def skills_value(facts: Facts) -> Decimal | None:
    """Euros of working time: said, or days times the cost of a day."""
    if facts.mc is None:
        return None
    days, cost = facts.mc.volume_jours, facts.mc.cout_revient_jour
    counted = days * cost if days is not None and cost is not None else None
    return facts.mc.valeur_totale if facts.mc.valeur_totale is not None else counted


def gift_value(ctx: Context) -> Decimal | None:
    """Euros given, when everything given has a value."""
    facts = ctx.facts
    goods = [item.valeur for item in facts.biens or ()]
    if None in goods and ctx.contract not in ("mecenat_financier", "mecenat_competences"):
        return None
    values = {
        "mecenat_financier": facts.don.montant if facts.don else None,
        "mecenat_nature": sum((v for v in goods if v), Decimal(0)) if goods else None,
        "mecenat_competences": skills_value(facts),
    }
    own = values.get(ctx.contract or "")
    if own is not None:
        return own
    known = [value for value in values.values() if value is not None]
    return sum(known, Decimal(0)) if known else None


def yearly_gifts(ctx: Context) -> Decimal | None:
    """Euros of gifts in the fullest year: this one by its payments, or the total that was said."""
    facts, total = ctx.facts, gift_value(ctx)
    by_year: dict[int, Decimal] = defaultdict(Decimal)
    parts = (facts.don.echeancier if facts.don else None) or ()
    for part in parts:
        if part.date and part.montant:
            by_year[part.date.year] += part.montant
    if by_year and all(part.date and part.montant for part in parts):
        total = max(by_year.values())
    said = facts.mecene.dons_exercice if facts.mecene else None
    amounts = [amount for amount in (total, said) if amount is not None]
    return max(amounts) if amounts else None


def counterparts(facts: Facts) -> Decimal | None:
    """Euros that come back at least: lines without a value count for nothing."""
    lines = [line.valeur for line in facts.contreparties or ()]
    for rank, line in enumerate(facts.contreparties or ()):
        if lines[rank] is None and line.quantite is not None and line.valeur_unitaire is not None:
            lines[rank] = line.quantite * line.valeur_unitaire
    known = [value for value in lines if value is not None]
    amounts = [sum(known, Decimal(0))] if known or facts.contreparties == () else []
    if facts.contrepartie_valeur is not None:
        amounts.append(facts.contrepartie_valeur)
    return max(amounts) if amounts else None


def something_comes_back(facts: Facts) -> bool:
    """Whether a counterpart or a visibility is known of."""
    return bool(
        facts.contreparties
        or facts.contrepartie_liste
        or facts.contrepartie_visibilite
        or facts.contrepartie_niveau in ("symbolique", "significative", "equivalente")
    )


def natures(facts: Facts) -> tuple[str, ...]:
    """The natures of the flows, in the order of the law's list; more than one is to be split."""
    found = {NATURES[flow] for flow in facts.flux or () if flow in NATURES}
    if facts.don and facts.don.montant:
        found.add("don")
    if facts.prix and facts.prix.montant_ht:
        found.add("prix")
    if facts.subvention and (facts.subvention.montant_annuel or facts.subvention.montant_total):
        found.add("subvention")
    regime = facts.finances.regime if facts.finances else None
    found |= {{"partage_revenus": "partage"}.get(regime, regime)} if regime else set()
    return tuple(nature for nature in dict.fromkeys(NATURES.values()) if nature in found)


def months_spanned(start: date, end: date) -> int:
    """Months from one day to the end of another; a month that has begun counts."""
    whole = (end.year - start.year) * 12 + end.month - start.month
    return whole + (end.day >= start.day)
