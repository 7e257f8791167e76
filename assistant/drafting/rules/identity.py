"""Rules of identity and signature (domain/conventions.md §2.1)."""

from collections.abc import Callable, Iterator
from datetime import date

from assistant.casefile.parties import Party
from assistant.drafting import figures, identifiers
from assistant.drafting.rules import reading
from assistant.drafting.rules.rule import Context, Hit, Severity, rule

DELEGATED = frozenset({"arrete_delegation", "delegation"})
_KEYS: tuple[tuple[str, Callable[[str], bool], Severity], ...] = (
    ("siren", identifiers.siren_is_valid, Severity.BLOCKING),
    ("siret", identifiers.siret_is_valid, Severity.BLOCKING),
    # §2.1 blocks on the two first; a wrong VAT or bank number is a mistake all the same
    ("tva_intracom", identifiers.vat_is_valid, Severity.ALERT),
    ("iban", identifiers.iban_is_valid, Severity.ALERT),
)


@rule("ID-01")
def wrong_number(ctx: Context) -> Iterator[Hit]:
    """A number whose form or key is wrong (§0.5)."""
    for rank, party in reading.signing(ctx.facts):
        for name, is_valid, severity in _KEYS:
            number = getattr(party, name)
            if number and not is_valid(number):
                details = {"partie": reading.called(party, rank), "cas": name, "numero": number}
                yield Hit((f"parties.{rank}.{name}",), details, severity)


@rule("ID-02")
def company_unidentified(ctx: Context) -> Iterator[Hit]:
    """A company or an authority without its SIREN."""
    if not reading.signs(ctx):
        return
    for rank, party in reading.signing(ctx.facts):
        held = reading.kind(party) == "entreprise" or reading.is_public(party)
        if held and not (party.siren or party.siret):
            yield Hit((f"parties.{rank}.siren",), {"partie": reading.called(party, rank)})


@rule("ID-03")
def association_unidentified(ctx: Context) -> Iterator[Hit]:
    """An association without its national or local register, or with a number of another form."""
    for rank, party in reading.signing(ctx.facts):
        if reading.kind(party) != "association":
            continue
        details = {"partie": reading.called(party, rank)}
        if party.rna and not identifiers.rna_is_valid(party.rna):
            wrong = {"cas": "forme", "numero": party.rna, **details}
            yield Hit((f"parties.{rank}.rna",), wrong)
        elif reading.signs(ctx) and not (party.rna or party.registre_local):
            local = identifiers.under_local_law(party.siege)
            slot = "registre_local" if local else "rna"
            yield Hit((f"parties.{rank}.{slot}",), {"cas": slot, **details})


@rule("ID-04")
def local_register(ctx: Context) -> Iterator[Hit]:
    """In Alsace and Moselle associations are in the register of the court, with no RNA."""
    for rank, party in reading.signing(ctx.facts):
        if reading.kind(party) != "association" or not identifiers.under_local_law(party.siege):
            continue
        if party.rna or (reading.signs(ctx) and not party.registre_local):
            slots = (f"parties.{rank}.registre_local", f"parties.{rank}.rna")
            yield Hit(slots, {"partie": reading.called(party, rank)})


@rule("ID-05")
def undeclared(ctx: Context) -> Iterator[Hit]:
    """An association that is not declared can neither contract nor receive (law of 1901)."""
    commits = ctx.contract not in (None, "aucun")
    receives = reading.GIFTS | {"prix", "subvention"}
    if not commits and not (receives & reading.flows(ctx.facts)):
        return
    for rank, party in reading.signing(ctx.facts):
        if party.declaree is False and reading.kind(party) in (None, "association"):
            slot = f"parties.{rank}.declaree"
            yield Hit((slot,), {"partie": reading.called(party, rank)})


@rule("ID-06")
def two_identities(ctx: Context) -> Iterator[Hit]:
    """The SIRET of one organisation and the SIREN of another."""
    for rank, party in reading.signing(ctx.facts):
        if not (party.siren and party.siret):
            continue
        if identifiers.siren_of(party.siret) != identifiers.compact(party.siren):
            slots = (f"parties.{rank}.siret", f"parties.{rank}.siren")
            yield Hit(slots, {"partie": reading.called(party, rank)})


def _unsaid(party: Party) -> tuple[str, ...]:
    who = party.representant
    if who is None:
        return ("nom", "qualite", "fondement")
    missing = [name for name in ("nom", "qualite") if not getattr(who, name)]
    return (*missing, *(("fondement",) if who.fondement in (None, "inconnu") else ()))


@rule("SIG-01")
def nobody_to_sign(ctx: Context) -> Iterator[Hit]:
    """Who signs, in what quality, and what gives the power to (guide p. 50)."""
    if not reading.signs(ctx):
        return
    if not ctx.facts.parties and ctx.contract in reading.AGREEMENTS:
        yield Hit(("parties",), {"cas": "aucune"})
    for rank, party in reading.signing(ctx.facts):
        if missing := _unsaid(party):
            slots = tuple(f"parties.{rank}.representant.{name}" for name in missing)
            details = {"cas": "partie", "partie": reading.called(party, rank), "manques": missing}
            yield Hit(slots, details)


@rule("SIG-02")
def president_alone(ctx: Context) -> Iterator[Hit]:
    """A president has no power of their own: statutes or a vote give it."""
    for rank, party in reading.signing(ctx.facts):
        who = party.representant
        if who is None or who.fondement != "president" or who.reference:
            continue
        if reading.kind(party) in reading.ASSOCIATIONS | {None}:
            slot = f"parties.{rank}.representant.fondement"
            yield Hit((slot,), {"partie": reading.called(party, rank)})


def _is_empowered(ctx: Context, party: Party) -> bool:
    """Whether a vote with its number and day, or a delegation, lets a public side sign."""
    who = party.representant
    grant = ctx.facts.subvention.deliberation if ctx.facts.subvention else None
    votes = [vote for vote in (ctx.facts.deliberation, grant) if vote]
    if any(vote.numero and vote.date for vote in votes):
        return True
    if who is None:
        return False
    if who.fondement in DELEGATED:
        return bool(who.reference or who.date)
    voted = who.fondement == "deliberation_collectivite" or (
        who.fondement == "deliberation_CA" and party.type_acteur == "etablissement_public"
    )
    return voted and bool(who.reference and who.date)


@rule("SIG-03")
def authority_without_vote(ctx: Context) -> Iterator[Hit]:
    """A public side signs on a vote (number, day) or by delegation."""
    if not reading.signs(ctx):
        return
    for rank, party in reading.signing(ctx.facts):
        if reading.is_public(party) and not _is_empowered(ctx, party):
            slots = ("deliberation.numero", "deliberation.date", f"parties.{rank}.representant")
            yield Hit(slots, {"partie": reading.called(party, rank)})


def _powers(ctx: Context) -> Iterator[tuple[str, date | None]]:
    facts = ctx.facts
    if facts.deliberation:
        yield "deliberation.date", facts.deliberation.date
    if facts.subvention and facts.subvention.deliberation:
        yield "subvention.deliberation.date", facts.subvention.deliberation.date
    for rank, party in reading.signing(facts):
        if party.representant:
            yield f"parties.{rank}.representant.date", party.representant.date


@rule("SIG-04")
def power_after_signature(ctx: Context) -> Iterator[Hit]:
    """A power that is younger than the signature it allows."""
    signed = ctx.facts.signature.date if ctx.facts.signature else None
    for slot, given_on in _powers(ctx):
        if signed and given_on and given_on > signed:
            details = {"pouvoir": figures.day(given_on), "signature": figures.day(signed)}
            yield Hit((slot, "signature.date"), details)
            return


@rule("SIG-05")
def delegation_without_burden(ctx: Context) -> Iterator[Hit]:
    """A gift with counterparts is no gift « without burden » that a mayor may accept alone."""
    facts, found = ctx.facts, reading.receiver(ctx.facts)
    if found is None or not reading.patronage_is_meant(ctx):
        return
    rank, party = found
    burdened = reading.something_comes_back(facts) or bool(facts.don and facts.don.conditions)
    voted = facts.deliberation and facts.deliberation.date
    delegated = party.representant and party.representant.fondement in DELEGATED
    if reading.is_public(party) and delegated and burdened and not voted:
        yield Hit((f"parties.{rank}.representant.fondement", "contreparties"))


@rule("SIG-06")
def no_leader_involved(ctx: Context) -> Iterator[Hit]:
    """Only people of the field are committed (guide p. 46, 51)."""
    if ctx.facts.pilotage and ctx.facts.pilotage.direction_impliquee is False:
        yield Hit(("pilotage.direction_impliquee",))
