"""Rules of speech, works, personal data and probity (domain/conventions.md §2.7)."""

import re
from collections.abc import Iterator
from textwrap import shorten

from assistant.casefile.blocks import (
    Communication,
    Confidentiality,
    IntellectualProperty,
    PersonalData,
)
from assistant.casefile.facts import Facts
from assistant.drafting import figures
from assistant.drafting.rules import situation
from assistant.drafting.rules.rule import Context, Hit, rule

SHOWN = 160  # characters of somebody's text that a message repeats
# generic claims that directive (EU) 2024/825 is about, on folded text
_GREEN = re.compile(
    r"\b(?:neutr\w+ (?:en )?(?:carbone|climat\w*)|(?:zero|bas|negatif en) (?:carbone|emission\w*)"
    r"|(?:carbone|climat\w*) neutr\w+|climate neutral"
    r"|eco ?(?:responsable|friendly|concu|citoyen)\w*"
    r"|ecologique\w*|respectueu\w+ (?:de l environnement|de la (?:nature|planete))"
    r"|(?:bon|bonne|benefique)s? pour (?:la planete|l environnement|le climat)"
    r"|(?:entreprise|produit|offre|solution|marque|energie|evenement|banque|gamme|service"
    r"|livraison|projet|partenariat|partenaire)s? (?:100 |plus )?vert(?:e?s?)"
    r"|(?:100|plus|entierement|totalement) verte?s?"
    r"|(?:bilan|impact|empreinte|evenement|produit|festival)s? neutres?"
    r"|neutres? pour (?:le climat|la planete|l environnement)"
    r"|(?:label|labellise\w*) (?:maison|interne))\b"
)
# deliverables that are works of the mind as a rule (CPI art. L.112-2), on folded text
_WORK = re.compile(
    r"\b(?:etudes?|rapports?|guides?|logos?|chartes? graphiques?|logiciels?|sites? (?:web|internet)"
    r"|applications?|films?|videos?|photos?|photographies?|illustrations?|supports? de formation"
    r"|methodes?|diagnostics?|articles?|podcasts?)\b"
)
_BRAND = re.compile(r"\b(?:logos?|marques?|logotypes?)\b")
# special categories (GDPR art. 9) and children, in how people name data and persons
_SENSITIVE = re.compile(
    r"\b(?:sante|medica\w+|handicap\w*|origines?|religi\w+|politiques?|syndica\w+|biometri\w+"
    r"|genetiques?|orientation sexuelle)\b"
)
_CHILDREN = re.compile(r"\b(?:mineure?s?|enfants?|adolescente?s?|eleves|collegiens?|lyceens?)\b")
_COMMON = frozenset(
    "secteur secteurs industrie industries industriel entreprise entreprises activite activites "
    "production producteur producteurs fabrication fabricant fabricants commerce vente ventes "
    "distribution services service groupe filiere pas aucun aucune jamais avec sans les des une "
    "son ses nos notre pour par dans sur lien liens partenaire partenaires acteurs acteur tout "
    "toute tous toutes exclu exclus exclue exclues exclusion refus refuser".split()
)


def _shown(text: str) -> bool:
    """Whether a counterpart is the use of a logo or a brand, by its words."""
    return bool(_BRAND.search(situation.folded(text)))


def _brand_gaps(facts: Facts, speech: Communication) -> Iterator[str]:
    brands = speech.marques or ()
    shown = facts.visibilite or ()
    supports = [b.supports for b in brands] or [v.support for v in shown]
    lengths = [b.duree for b in brands] or [v.duree for v in shown]
    if not supports or not all(supports):
        yield "supports"
    if not lengths or not all(lengths):
        yield "duree"
    if speech.validation_prealable_jours is None:
        yield "validation"
    if not speech.retrait_fin:
        yield "retrait"


@rule("COM-01")
def brand_without_terms(ctx: Context) -> Iterator[Hit]:
    """A name or a logo is used and nothing says where, how long, who agrees, when it stops."""
    facts, speech = ctx.facts, ctx.facts.communication or Communication()
    planned = (
        speech.marques
        or facts.visibilite
        or facts.contrepartie_visibilite
        or any(line.visibilite or _shown(line.nature) for line in facts.contreparties or ())
        or any(_shown(text) for text in facts.contrepartie_liste or ())
    )
    if not situation.binds(ctx.contract, facts) or not planned:
        return
    if gaps := tuple(_brand_gaps(facts, speech)):
        yield Hit(("communication.marques",), {"manques": gaps})


@rule("COM-02")
def speaks_before_results(ctx: Context) -> Iterator[Hit]:
    """Communication starts before anything was done (guide p. 54)."""
    speech = ctx.facts.communication
    if speech and speech.temporalite == "immediate":
        yield Hit(("communication.temporalite",))


@rule("COM-03")
def green_claim(ctx: Context) -> Iterator[Hit]:
    """A generic environmental claim, or a home-made label (directive (EU) 2024/825)."""
    facts, speech = ctx.facts, ctx.facts.communication or Communication()
    said = {
        "communication.allegation_texte": (speech.allegation_texte,),
        "communication.mention_obligatoire": (speech.mention_obligatoire,),
        "plan.com": tuple(m.message for m in (facts.plan and facts.plan.com) or ()),
    }
    start = figures.day(ctx.parameters.day("greenwashing.application"))
    for slot, texts in said.items():
        for text in filter(None, texts):
            if _GREEN.search(situation.folded(text)):
                details = {"cas": "texte", "message": shorten(text, SHOWN), "date": start}
                yield Hit((slot,), details)
                return
    if speech.allegations_environnementales:
        yield Hit(("communication.allegations_environnementales",), {"cas": "dit", "date": start})


@rule("COM-04")
def silenced(ctx: Context) -> Iterator[Hit]:
    """The association may not speak of the company (guide p. 35, 54)."""
    if ctx.facts.communication and ctx.facts.communication.liberte_expression is False:
        yield Hit(("communication.liberte_expression",))


def _exclusivity_gaps(ctx: Context) -> Iterator[str]:
    bound, rival = ctx.facts.exclusivite, ctx.facts.non_concurrence
    if bound and bound.mode not in (None, "aucune"):
        if not bound.perimetre:
            yield "exclusivite.perimetre"
        if not bound.duree:
            yield "exclusivite.duree"
        if bound.evoquee_etape_2 is False:
            yield "exclusivite.evoquee_etape_2"
        if ctx.contract in situation.GIVING and bound.valorisee is not True:
            yield "exclusivite.valorisee"
    if rival and rival.active:
        if not (rival.perimetre and rival.territoire):
            yield "non_concurrence.perimetre"
        if rival.duree_mois is None:
            yield "non_concurrence.duree_mois"


@rule("COM-05")
def unbounded_exclusivity(ctx: Context) -> Iterator[Hit]:
    """Exclusivity or non-competition without bounds, or found out late (guide p. 50, 54)."""
    if gaps := tuple(_exclusivity_gaps(ctx)):
        yield Hit(gaps, {"manques": gaps})


def _works(ctx: Context) -> bool:
    """Whether a work of the mind is due."""
    pi, mission = ctx.facts.pi, ctx.facts.mission
    if pi and pi.livrable_intellectuel is not None:
        return pi.livrable_intellectuel
    if ctx.contract == "mecenat_competences":
        return bool(mission and mission.livrables)
    sold = ctx.facts.prestation.livrables if ctx.facts.prestation else None
    return any(_WORK.search(situation.folded(name)) for name in sold or ())


@rule("PI-01")
def works_without_owner(ctx: Context) -> Iterator[Hit]:
    """A work is due and nothing says who may do what with it (CPI art. L.131-3)."""
    if not _works(ctx):
        return
    pi = ctx.facts.pi or IntellectualProperty()
    licence = pi.licence
    bounded = licence and licence.droits and licence.territoire and licence.duree
    if pi.resultats is None and not bounded:
        yield Hit(("pi.resultats",), {"cas": "absente"})
    elif pi.resultats == "cedee" and not (bounded and licence and licence.supports):
        yield Hit(("pi.licence",), {"cas": "cession"})


@rule("PI-02")
def invented_together(ctx: Context) -> Iterator[Hit]:
    """What is invented together: what each one had before, and who owns what comes out."""
    if not situation.experiments(ctx.facts) or ctx.contract not in (
        None,
        "partenariat",
        "protocole_accord",
    ):
        return
    pi = ctx.facts.pi or IntellectualProperty()
    missing = []
    if pi.apports_anterieurs is None:
        missing.append("pi.apports_anterieurs")
    # a memorandum prepares: results come with the agreement that follows (§1.6)
    if pi.resultats is None and ctx.contract != "protocole_accord":
        missing.append("pi.resultats")
    if missing:
        yield Hit(tuple(missing), {"manques": tuple(missing)})


@rule("DATA-01")
def data_without_roles(ctx: Context) -> Iterator[Hit]:
    """Personal data are shared and nobody's role is said (GDPR art. 26, 28)."""
    data = ctx.facts.rgpd
    if data and data.donnees_personnelles and data.roles is None:
        yield Hit(("rgpd.roles", "rgpd.donnees_personnelles"))


@rule("DATA-02")
def fragile_people(ctx: Context) -> Iterator[Hit]:
    """Sensitive data, fragile people or children, and no analysis (GDPR art. 9, 35)."""
    data = ctx.facts.rgpd or PersonalData()
    told = {
        "sensibles": any(_SENSITIVE.search(situation.folded(c)) for c in data.categories or ()),
        "public_fragile": False,
        "mineurs": any(_CHILDREN.search(situation.folded(p)) for p in data.personnes or ()),
    }
    # what was said stands; else the words for the data and the persons tell
    said = {name: getattr(data, name) for name in told}
    why = [name for name, seen in told.items() if (seen if said[name] is None else said[name])]
    if why and data.analyse_impact is not True:
        yield Hit(
            ("rgpd.analyse_impact", *(f"rgpd.{name}" for name in why)), {"manques": tuple(why)}
        )


@rule("DATA-03")
def secrets_uncovered(ctx: Context) -> Iterator[Hit]:
    """Strategic information is exchanged and nothing keeps it secret (guide p. 50, 54)."""
    secret = ctx.facts.confidentialite or Confidentiality()
    raised = any(
        situation.mentions(topic, "confidentialite") for topic in ctx.facts.sujets_sensibles or ()
    )
    exchanged = secret.informations_strategiques or (secret.active is False and secret.informations)
    if (exchanged or raised) and secret.active is not True:
        yield Hit(("confidentialite.active", "confidentialite.informations_strategiques"))


@rule("PROB-01")
def link_without_treatment(ctx: Context) -> Iterator[Hit]:
    """A link of interest is declared and nothing is done about it."""
    facts = ctx.facts
    links = {
        "conflits_interets": facts.conflits_interets,
        "mecene.lien_beneficiaire": facts.mecene.lien_beneficiaire if facts.mecene else None,
    }
    if facts.probite and facts.probite.traitement_conflits:
        return
    for slot, kinds in links.items():
        declared = tuple(k for k in kinds or () if k not in ("aucun", "inconnu"))
        if declared:
            yield Hit((slot, "probite.traitement_conflits"), {"manques": declared})
            return


@rule("PROB-02")
def diligence_missing(ctx: Context) -> Iterator[Hit]:
    """A company under the Sapin 2 law looks into who it supports."""
    facts = ctx.facts
    held = any(party.soumise_sapin2 for party in facts.parties or ())
    done = facts.probite and facts.probite.diligences_beneficiaire
    if situation.binds(ctx.contract, facts) and held and not done:
        yield Hit(("probite.diligences_beneficiaire",))


def _words(text: str) -> list[str]:
    found = situation.folded(text).split()
    return [word for word in found if len(word) > 2 and word not in _COMMON]


def _same(one: str, other: str) -> bool:
    """« alcool » and « alcools », « petrole » and « petrolier »; « mine » is not « mineraux »."""
    short, long = sorted((one, other), key=len)
    if len(short) < 6:
        return long.startswith(short) and len(long) <= len(short) + 1
    return long.startswith(short[:-1])


def _forbids(line: str, sector: str) -> bool:
    """Whether every word of one piece of the red line is in the sector."""
    known = _words(sector)
    for piece in re.split(r"[,;/:]| et | ou |\bni\b", line):
        wanted = _words(piece)
        if wanted and all(any(_same(word, other) for other in known) for word in wanted):
            return True
    return False


@rule("PROB-03")
def red_line_crossed(ctx: Context) -> Iterator[Hit]:
    """The partner works in a sector that was ruled out (guide p. 46)."""
    facts = ctx.facts
    sectors = {"partenaire_secteur": facts.partenaire_secteur}
    sectors |= {
        f"parties.{rank}.secteur": party.secteur for rank, party in enumerate(facts.parties or ())
    }
    lines = {"lignes_rouges": facts.lignes_rouges or (), "exclusions": facts.exclusions or ()}
    for slot, sector in sectors.items():
        for source, texts in lines.items():
            crossed = next((text for text in texts if sector and _forbids(text, sector)), None)
            if crossed:
                yield Hit((slot, source), {"secteur": sector, "ligne": crossed})
                return
