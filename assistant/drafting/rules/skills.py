"""Rules of patronage of skills (domain/conventions.md §2.3, MC)."""

from collections.abc import Iterator
from datetime import date

from assistant.casefile.facts import Facts
from assistant.casefile.gifts import Employee, Mission, SkillsPatronage
from assistant.drafting import figures
from assistant.drafting.rules import reading, situation
from assistant.drafting.rules.rule import Context, Hit, rule

SKILLS = "mecenat_competences"


def _mission(facts: Facts) -> SkillsPatronage:
    return facts.mc or SkillsPatronage()


def _who(employee: Employee, rank: int) -> str:
    return employee.identite or employee.poste or f"n° {rank + 1}"


def _of_the_state(facts: Facts) -> bool:
    """Whether public agents are lent, under a regime of their own (law 2022-217, art. 209)."""
    return bool(_mission(facts).agents_publics)


@rule("MC-01")
def no_written_consent(ctx: Context) -> Iterator[Hit]:
    """Staff is lent without the express written consent of each employee, before it starts."""
    facts = ctx.facts
    if not reading.skills_are_given(ctx) or not reading.lends_staff(facts):
        return
    if not facts.salaries:
        if ctx.contract == SKILLS:
            yield Hit(("salaries",), {"cas": "personne"})
        return
    rows = list(enumerate(facts.salaries))
    bare = [_who(employee, rank) for rank, employee in rows if employee.accord_ecrit_date is None]
    start = _mission(facts).debut
    late = [
        _who(employee, rank)
        for rank, employee in rows
        if start and employee.accord_ecrit_date and employee.accord_ecrit_date > start
    ]
    if bare:
        yield Hit(("salaries",), {"cas": "absent", "salaries": ", ".join(bare)})
    elif late:
        yield Hit(("salaries", "mc.debut"), {"cas": "apres", "salaries": ", ".join(late)})


@rule("MC-02")
def loan_to_no_general_interest(ctx: Context) -> Iterator[Hit]:
    """A free loan to who is outside 238 bis 1 a-g, but for a large lender and a small company."""
    facts = ctx.facts
    if not reading.skills_are_given(ctx) or not reading.lends_staff(facts):
        return
    if _of_the_state(facts) or not reading.is_free(facts):
        return
    value, slots = reading.eligibility(facts)
    found, giver = reading.receiver(facts), reading.patron(facts)
    young = found is not None and found[1].jeune_entreprise_ou_pme
    least = ctx.parameters.amount("pret_mo.L8241-3.effectif_preteur")
    large = giver is not None and giver.effectif is not None and giver.effectif >= least
    if value == "non" and not (young and large):
        yield Hit((*slots, "forme"))


def _span(facts: Facts) -> tuple[date | None, date | None]:
    mission = _mission(facts)
    if mission.debut or mission.fin:
        return mission.debut, mission.fin
    return situation.start(facts), situation.end(facts)


@rule("MC-03")
def loan_too_long_or_inside(ctx: Context) -> Iterator[Hit]:
    """A loan of more than three years, or inside one group (C. trav. L.8241-3)."""
    facts = ctx.facts
    offered = "prestation_offerte" in (facts.forme, facts.forme_mc)
    if not reading.skills_are_given(ctx) or offered:
        return
    start, end = _span(facts)
    months = reading.months_spanned(start, end) if start and end else None
    if months is None and facts.duree:
        months = facts.duree.mois
    limit = ctx.parameters.amount("pret_mo.L8241-3.mois")
    if months is not None and months > limit:
        yield Hit(("mc.fin", "mc.debut"), {"cas": "duree", "mois": str(months)})
    giver, found = reading.patron(facts), reading.receiver(facts)
    groups = [reading.folded(p.groupe) for p in (giver, found and found[1]) if p and p.groupe]
    same = len(groups) == 2 and groups[0] == groups[1]
    if _mission(facts).intra_groupe or same:
        yield Hit(("mc.intra_groupe",), {"cas": "groupe"})


def _missing_mentions(facts: Facts) -> Iterator[str]:
    mission, rows = _mission(facts), facts.salaries or ()
    start, end = _span(facts)
    if not ((start and end) or (facts.duree and facts.duree.mois)):
        yield "duree"
    if not rows or not all(row.identite for row in rows):
        yield "identite"
    if not rows or not all(row.qualification for row in rows):
        yield "qualification"
    if mission.mode_facturation is None and mission.facturation is None:
        yield "couts"
    if not (facts.mission and facts.mission.finalite):
        yield "finalite"


@rule("MC-04")
def mentions_missing(ctx: Context) -> Iterator[Hit]:
    """What an agreement for a loan of staff has to say (C. trav. R.8241-2)."""
    facts = ctx.facts
    if ctx.contract != SKILLS or not reading.lends_staff(facts):
        return
    if missing := tuple(_missing_mentions(facts)):
        yield Hit(("salaries", "mc.mode_facturation"), {"manques": missing})


@rule("MC-05")
def over_the_ceiling(ctx: Context) -> Iterator[Hit]:
    """The value of one employee's time passes what may be counted (CGI 238 bis)."""
    total = reading.skills_value(ctx.facts)
    if not reading.skills_are_given(ctx) or total is None:
        return
    each = total / max(1, len(ctx.facts.salaries or ()))
    if each > ctx.parameters.amount("mecenat.competences.plafond.montant"):
        yield Hit(("mc.valeur_totale", "salaries"), {"montant": figures.euros(round(each, 2))})


@rule("MC-06")
def own_time(ctx: Context) -> Iterator[Hit]:
    """Out of working hours people give their own time: volunteering, nothing to value."""
    if ctx.facts.temps_travail == "libre" and reading.skills_are_given(ctx):
        yield Hit(("temps_travail",))


@rule("MC-07")
def who_leads(ctx: Context) -> Iterator[Hit]:
    """Someone on each side, and discipline stays with the employer."""
    mission = _mission(ctx.facts)
    if mission.autorite_disciplinaire == "association":
        yield Hit(("mc.autorite_disciplinaire",), {"cas": "discipline"})
    names = ("tuteur_association", "manager_entreprise")
    missing = tuple(name for name in names if not getattr(mission, name))
    if ctx.contract == SKILLS and missing:
        slots = tuple(f"mc.{name}" for name in missing)
        yield Hit(slots, {"cas": "absents", "manques": missing})


@rule("MC-08")
def accidents_forgotten(ctx: Context) -> Iterator[Hit]:
    """What one does after an accident, and who is insured."""
    if ctx.contract != SKILLS:
        return
    missing = []
    if not _mission(ctx.facts).accident_procedure:
        missing.append("mc.accident_procedure")
    covered = (ctx.facts.assurance.rc if ctx.facts.assurance else None) or {}
    if not any(covered.values()):
        missing.append("assurance.rc")
    if missing:
        yield Hit(tuple(missing), {"manques": tuple(missing)})


@rule("MC-09")
def council_untold(ctx: Context) -> Iterator[Hit]:
    """The works council has not been told (guide p. 52)."""
    mission = _mission(ctx.facts)
    if ctx.contract == SKILLS and mission.cse_informe is not True and not mission.agents_publics:
        yield Hit(("mc.cse_informe",))


@rule("MC-10")
def mission_without_shape(ctx: Context) -> Iterator[Hit]:
    """A mission with neither deliverables nor a sheet that describes it."""
    mission = ctx.facts.mission or Mission()
    sheet = any("fiche" in reading.folded(name).split() for name in ctx.facts.annexes or ())
    if ctx.contract == SKILLS and not mission.livrables and not sheet:
        yield Hit(("mission.livrables",))


@rule("MC-11")
def experiment_does_not_cover(ctx: Context) -> Iterator[Hit]:
    """Public agents of a small town, or after the end of the experiment (law 2022-217)."""
    facts = ctx.facts
    if not _of_the_state(facts):
        return
    small = ctx.parameters.amount("pret_mo.fonction_publique.population")
    for rank, party in reading.signing(facts):
        local = reading.kind(party) == "collectivite" and party.population is not None
        if local and party.population is not None and party.population <= small:
            yield Hit((f"parties.{rank}.population",), {"cas": "population"})
    last = ctx.parameters.day("pret_mo.fonction_publique.fin")
    start, end = _span(facts)
    if (end or start or ctx.today) > last:
        yield Hit(("mc.fin", "mc.agents_publics"), {"cas": "date"})


@rule("MC-12")
def agents_uncounted(ctx: Context) -> Iterator[Hit]:
    """Public agents lent for nothing are a grant, and count as one."""
    mission = _mission(ctx.facts)
    free = reading.is_free(ctx.facts) and mission.valorise_en_subvention is not True
    if _of_the_state(ctx.facts) and free:
        yield Hit(("mc.valorise_en_subvention",))
