"""What a case says where several slots say it: who sells, who is public, how long it lasts."""

from collections.abc import Iterable
from datetime import date, timedelta

from assistant.casefile.base import slug
from assistant.casefile.facts import Facts
from assistant.casefile.parties import Party

PATRONAGE = frozenset({"mecenat_financier", "mecenat_nature", "mecenat_competences"})
PAID = frozenset({"prestation", "parrainage"})
# « scission » stands for two agreements, one of patronage (§3.2, J4)
GIVING = PATRONAGE | {"scission"}
AGREEMENTS = GIVING | PAID | {"partenariat", "protocole_accord", "subvention_cpo"}
# what tells of an agreement when its kind is not known
_CLAUSES = (
    "parties", "duree", "resiliation", "signature", "pilotage", "litiges", "evaluation",
    "communication", "confidentialite", "exclusivite", "rgpd", "evenement",
)  # fmt: skip
ASSOCIATIONS = frozenset({"association", "fondation", "fonds_dotation"})
PUBLIC = frozenset({"collectivite", "etablissement_public"})


def folded(text: str) -> str:
    """« L'Éco-lieu » → « l eco lieu »: what names are compared by."""
    return str(slug(text)).replace("_", " ")


def mentions(text: str, name: str) -> bool:
    """Whether a text has a folded name in it, word for word."""
    return f" {name} " in f" {folded(text)} "


def names_of(parties: Iterable[Party]) -> set[str]:
    """What each side may be called: names, role and kind, folded."""
    called = (
        (p.designation_courte, p.denomination, p.role, p.type_acteur) for p in parties
    )  # fmt: skip
    return {folded(name) for names in called for name in names if name}


def party_named(facts: Facts, name: str) -> Party | None:
    """The side that a text names; None when it names none."""
    return next(
        (p for p in facts.parties or () if any(mentions(name, n) for n in names_of([p]))), None
    )


def kind(party: Party) -> str | None:
    """What a side is: said, or else told by its role."""
    plain = party.role if party.role in ("association", "entreprise", "collectivite") else None
    return party.type_acteur or plain


def binds(contract: str | None, facts: Facts) -> bool:
    """Whether people commit themselves: by a known agreement, or by clauses of some agreement."""
    if contract is None:
        return any(getattr(facts, name) is not None for name in _CLAUSES)
    return contract in AGREEMENTS


def authority_is_known(facts: Facts) -> bool:
    """Whether a public body is one of the two that talk, or a side."""
    talking = "collectivite" in (facts.acteur_type, facts.partenaire_type)
    return talking or any(is_public(party) for party in facts.parties or ())


def is_public(party: Party | None) -> bool:
    """A local authority, an administration or a public establishment."""
    return party is not None and (
        party.type_acteur in PUBLIC or party.role in ("collectivite", "administration")
    )


def is_merchant(party: Party) -> bool | None:
    """Whether a side is a merchant (CPC art. 48); None when one cannot tell."""
    if party.commercant is not None:
        return party.commercant
    what = kind(party)
    if what == "entreprise":
        return True
    return False if what in ASSOCIATIONS | PUBLIC else None


def seller(facts: Facts) -> Party | None:
    """Who is paid: the provider, or the one who is sponsored."""
    sides = facts.parties or ()
    named = next((p for p in sides if p.role in ("prestataire", "parraine")), None)
    if named or len(sides) != 2:
        return named
    return next(
        (p for p, other in (sides, reversed(sides)) if other.role in ("client", "parrain")), None
    )


def association_is_paid(facts: Facts) -> bool:
    """Whether the price goes to an association."""
    found = seller(facts)
    if found is None:
        # only of an association does one ask what it earns by trade
        earns = facts.prestataire and (
            facts.prestataire.recettes_lucratives or facts.prestataire.lucratif_preponderant
        )
        return facts.sens_apport == "A_vers_E" or bool(earns)
    return kind(found) in ASSOCIATIONS


def beneficiary(facts: Facts) -> Party | None:
    """Who receives the gift or the grant."""
    return next((p for p in facts.parties or () if p.role == "beneficiaire"), None)


def public_body_pays(facts: Facts) -> bool:
    """Whether who pays is public: said, or seen from who the client is."""
    buyers = (p for p in facts.parties or () if p.role in ("client", "parrain"))
    return facts.payeur_public is True or any(is_public(p) for p in buyers)


def public_body_takes_part(facts: Facts) -> bool:
    """Whether an authority pays or is a side."""
    return public_body_pays(facts) or authority_is_known(facts)


def experiments(facts: Facts) -> bool:
    """Whether something is tried out together: said, or seen from what is written of it."""
    return bool(facts.experimentation or facts.hypothese or facts.terrain_experimentation)


def cancellation_is_settled(facts: Facts) -> bool:
    """Whether something is written on a cancelled or delayed event."""
    ending = facts.resiliation
    return bool(facts.annulation_evenement or (ending and ending.annulation_report))


def months_between(start: date, end: date) -> int:
    """Whole months from the start of one day to the end of another: a civil year is 12."""
    after = end + timedelta(days=1)
    whole = (after.year - start.year) * 12 + after.month - start.month
    return whole - (after.day < start.day)


def duration_months(facts: Facts) -> int | None:
    """How long it lasts, in months: said, or counted from the dates."""
    if facts.duree and facts.duree.mois:
        return facts.duree.mois
    first, last = start(facts), end(facts)
    return months_between(first, last) if first and last and first < last else None


def start(facts: Facts) -> date | None:
    """The first day of the agreement, or else of the mission."""
    said = facts.duree.date_debut if facts.duree else None
    return said or (facts.mc.debut if facts.mc else None)


def end(facts: Facts) -> date | None:
    """The last day of the agreement, or else of the mission."""
    said = facts.duree.date_fin if facts.duree else None
    return said or (facts.mc.fin if facts.mc else None)
