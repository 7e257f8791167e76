"""Rules of qualification and of what every agreement lays down (domain/conventions.md §2.2)."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from pydantic import BaseModel

from assistant.casefile.facts import Facts
from assistant.casefile.paths import given
from assistant.drafting import figures
from assistant.drafting.claim import claimed
from assistant.drafting.rules import reading
from assistant.drafting.rules.rule import Context, Hit, rule


@rule("QUAL-01")
def exchange_called_gift(ctx: Context) -> Iterator[Hit]:
    """What comes back is worth what is given: a service or a sponsorship, with an invoice."""
    facts = ctx.facts
    # a price beside a gift has its own return, unless the whole is called patronage
    priced = "prix" in reading.flows(facts) and claimed(facts) not in reading.PATRONAGE
    if not reading.gift_is_meant(ctx) or priced:
        return
    given_, back = reading.gift_value(ctx), reading.counterparts(facts)
    if facts.contrepartie_niveau == "equivalente":
        yield Hit(("contrepartie_niveau",), {"cas": "niveau"})
    elif given_ and back is not None and back >= given_:
        amounts = {"contreparties": figures.euros(back), "don": figures.euros(given_)}
        yield Hit(("contreparties",), {"cas": "montants", **amounts})


@rule("QUAL-02")
def other_title(ctx: Context) -> Iterator[Hit]:
    """The document that is asked for is not the one that the answers lead to (§3)."""
    computed = ctx.recommended or ctx.contract
    asked = ctx.facts.contrat_demande or (ctx.contract if ctx.recommended else None)
    if asked and computed and asked != computed:
        yield Hit(("contrat_demande",), {"demande": (asked,), "calcule": (computed,)})


@rule("QUAL-03")
def several_natures(ctx: Context) -> Iterator[Hit]:
    """Flows of different natures in one act: the whole may be requalified (guide p. 48)."""
    found, facts = reading.natures(ctx.facts), ctx.facts
    regime = facts.finances.regime if facts.finances else None
    if facts.conventions_filles:
        return
    # a joint offer has both: what clients pay, and how it is shared
    if len(found) > 1 and set(found) != {"prix", "partage"}:
        yield Hit(("flux",), {"cas": "plusieurs", "natures": found})
    elif ctx.contract == "partenariat" and regime in ("don", "prix", "subvention"):
        yield Hit(("finances.regime",), {"cas": "dedie", "natures": (regime,)})


@rule("QUAL-04")
def money_without_a_name(ctx: Context) -> Iterator[Hit]:
    """A sum in a partnership agreement, and no word on what it is (guide p. 48)."""
    facts = ctx.facts
    if ctx.contract != "partenariat":
        return
    amount = facts.finances.montant if facts.finances else None
    regime = facts.finances.regime if facts.finances else None
    brought = any(m.categorie == "financier" and m.valeur_estimee for m in facts.moyens or ())
    if regime == "aucun_flux" and amount:
        details = {"cas": "contraire", "montant": figures.euros(amount)}
        yield Hit(("finances.regime", "finances.montant"), details)
    elif regime is None and (amount or brought) and not reading.natures(facts):
        yield Hit(("finances.regime",), {"cas": "absent"})


@rule("GEN-01")
def no_common_goal(ctx: Context) -> Iterator[Hit]:
    """The common goal is missing; in patronage the project stands for it (guide p. 26)."""
    facts = ctx.facts
    common = facts.objectifs.commun if facts.objectifs else None
    supported = facts.objet.projet if facts.objet and ctx.contract in reading.GIVING else None
    # §1.3 article 1: the purpose of a mission ties it to the project of the association
    mission = facts.mission.finalite if facts.mission and ctx.contract in reading.GIVING else None
    if ctx.contract in reading.STEERED and not (common or supported or mission):
        slot = "objet.projet" if ctx.contract in reading.GIVING else "objectifs.commun"
        yield Hit((slot,))


@rule("GEN-02")
def no_goal_of_ones_own(ctx: Context) -> Iterator[Hit]:
    """What each side seeks for itself (guide p. 22-25)."""
    own = ctx.facts.objectifs.propres if ctx.facts.objectifs else None
    # §1.1 to §1.3 do not ask for them; begun, they are wanted of everyone
    if ctx.contract not in reading.COMMON and not own:
        return
    yield from _left_out(ctx.facts, own or {}, "objectifs.propres")


def _left_out(facts: Facts, names: Mapping[str, Any], slot: str) -> Iterator[Hit]:
    missing = reading.uncovered(facts, [name for name, value in names.items() if value])
    if missing is None:
        yield Hit((slot,), {"cas": "aucune"})
    elif missing:
        yield Hit((slot,), {"cas": "parties", "parties": ", ".join(missing)})


@rule("GEN-03")
def no_perimeter(ctx: Context) -> Iterator[Hit]:
    """Three frontiers: where, on what, for whom (guide p. 47)."""
    # a service has its own object and perimeter (§1.5 article 2)
    if ctx.contract not in reading.STEERED:
        return
    bounds = ctx.facts.perimetre
    names = ("geographique", "thematique", "beneficiaires")
    missing = tuple(name for name in names if not (bounds and getattr(bounds, name)))
    if missing:
        yield Hit(tuple(f"perimetre.{name}" for name in missing), {"manques": missing})


def _brought(ctx: Context) -> dict[str, Any]:
    """What each side brings, by its name or its role."""
    facts = ctx.facts
    found: dict[str, Any] = {
        row.partie: row.description or row.categorie or row.valeur_estimee
        for row in facts.moyens or ()
    }
    if ctx.contract in reading.GIVING:
        found["mecene"] = reading.gift_value(ctx) or facts.biens or facts.mc or facts.local
        # §1.1 lays down what the receiver does rather than what it brings
        found["beneficiaire"] = (
            facts.engagements_beneficiaire or (facts.objet and facts.objet.projet) or facts.mission
        )
    return found


@rule("GEN-04")
def nothing_brought(ctx: Context) -> Iterator[Hit]:
    """A side that brings nothing (guide p. 48)."""
    if ctx.contract not in reading.STEERED:
        return
    # the costs of preparing are what a memorandum shares (§1.6 article 6)
    if ctx.contract == "protocole_accord" and ctx.facts.couts and ctx.facts.couts.repartition:
        return
    yield from _left_out(ctx.facts, _brought(ctx), "moyens")


@rule("GEN-05")
def framework_without_acts(ctx: Context) -> Iterator[Hit]:
    """A framework over several flows names the agreements that apply it (guide p. 50)."""
    facts = ctx.facts
    framework = ctx.contract == "partenariat" or (
        ctx.contract == "protocole_accord" and facts.usage in (None, "cadre")
    )
    if framework and len(reading.natures(facts)) > 1 and not facts.conventions_filles:
        yield Hit(("conventions_filles",))


@rule("GEN-06")
def nobody_to_call(ctx: Context) -> Iterator[Hit]:
    """Someone to call on each side (guide p. 49, 53)."""
    people = (ctx.facts.pilotage.referents if ctx.facts.pilotage else None) or ()
    if ctx.contract not in reading.STEERED and not people:
        return
    named = {person.partie: person.nom or person.fonction or person.courriel for person in people}
    yield from _left_out(ctx.facts, named, "pilotage.referents")


@rule("GEN-07")
def no_steering(ctx: Context) -> Iterator[Hit]:
    """How one steers, and how often (guide p. 53)."""
    steering, follow_up = ctx.facts.pilotage, ctx.facts.suivi
    if ctx.contract not in reading.STEERED and not (steering or follow_up):
        return
    ways = steering and (steering.referents or steering.copil or steering.role)
    missing = []
    if not (ways or (follow_up and follow_up.outils)):
        missing.append("modalites")
    if not (steering and steering.frequence):
        missing.append("frequence")
    if missing:
        yield Hit(("pilotage.frequence",), {"manques": tuple(missing)})


def _filled(value: BaseModel, prefix: str = "") -> Iterator[str]:
    for name in type(value).model_fields:
        held = getattr(value, name)
        path = f"{prefix}{name}"
        if isinstance(held, BaseModel):
            yield from _filled(held, f"{path}.")
        elif given(held):
            yield path


@rule("GEN-08")
def value_from_nowhere(ctx: Context) -> Iterator[Hit]:
    """A value that nobody gave: each one has the turn it comes from."""
    if ctx.origins is None:
        return
    known = {name for name, origin in ctx.origins.items() if origin is not None}
    # « don » covers « don.montant »; « parties.0.siren » tells where a part of « parties » is from
    parents = {name.rsplit(".", cut)[0] for name in known for cut in range(name.count(".") + 1)}
    orphans = tuple(
        path
        for path in _filled(ctx.facts)
        if path not in parents
        and not any(path.startswith(f"{name}.") for name in known)
    )  # fmt: skip
    if orphans:
        yield Hit(orphans, {"nombre": str(len(orphans))})


@rule("GEN-09")
def no_notice(ctx: Context) -> Iterator[Hit]:
    """A document that does not say it must be read again by someone who knows."""
    if ctx.notice is False:
        yield Hit(())


def _later(start: date, months: int) -> date:
    """The same day some months later, or the last day of that month."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    for back in range(4):
        try:
            return date(year, month + 1, start.day - back)
        except ValueError:
            continue
    raise ValueError(start)


@rule("GEN-10")
def in_a_hurry(ctx: Context) -> Iterator[Hit]:
    """A signature wanted too soon, out of a call for projects (guide p. 51)."""
    facts, wanted = ctx.facts, ctx.facts.date_cible
    soon = _later(ctx.today, int(ctx.parameters.amount("outil.signature.mois")))
    if wanted is None or facts.appel_a_projets:
        return
    if ctx.today <= wanted < soon:
        yield Hit(("date_cible",), {"date": figures.day(wanted)})


@rule("GEN-11")
def giant_and_dwarf(ctx: Context) -> Iterator[Hit]:
    """A large company and a tiny association, with nothing that protects the second (p. 35-36)."""
    facts = ctx.facts
    large = ctx.parameters.amount("outil.asymetrie.grande")
    small = ctx.parameters.amount("outil.asymetrie.petite")
    giants = [
        p for p in facts.parties or ()
        if reading.kind(p) == "entreprise" and (p.soumise_sapin2 or (p.effectif or 0) >= large)
    ]  # fmt: skip
    dwarfs = [
        (rank, party) for rank, party in reading.signing(facts)
        if reading.kind(party) == "association"
        and party.effectif is not None and party.effectif < small
    ]  # fmt: skip
    safe = (facts.independance and facts.independance.clause) or facts.engagements_equilibre
    if giants and dwarfs and not safe and reading.signs(ctx):
        rank, party = dwarfs[0]
        slots = ("independance.clause", "engagements_equilibre", f"parties.{rank}.effectif")
        yield Hit(slots, {"partie": reading.called(party, rank)})
