"""Names of organisations, from capitals, quotes and the words before them."""

import re
from collections.abc import Iterator
from dataclasses import replace

from assistant.coaching.understanding.drafts import Draft
from assistant.coaching.understanding.lexicon import Lexicon
from assistant.coaching.understanding.organisations import Organisation
from assistant.coaching.understanding.scopes import Scopes
from assistant.coaching.understanding.text import Message
from assistant.knowledge.analysis import STOP_WORDS

CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w'’&.\-]*"
_LINK = r"(?:de|du|des|la|le|les|et|&|en|sur|aux?|pour|d['’]|l['’])"
NAME = rf"{CAPITAL}(?:\s(?:{_LINK}\s?){{0,2}}{CAPITAL}){{0,4}}(?:\s\d{{2,4}}(?![\w€%]|\s?[€%]))?"
_QUOTED = r"[\"«“]\s?(?P<quoted>[^\"»”\n]{2,60}?)\s?[\"»”]"
# verbs and links that do not belong to a name
_NOT_BETWEEN = (
    r"(?:nous|veut|va|avec|pour|chez|dans|sur|par|sans|est|sont|qui|que|dont|donne|offre|verse|prête|"
    r"prete|aide|soutient|des|les|aux|une|fait|paie|paye|contre|vers|depuis|et|ou|mais|comme|sous)\b"
)
# what may stand between the kind of an organisation and its name
_AFTER_KIND = re.compile(
    rf"\s(?:(?:locale?|partenaire|sportive?|mécène|mecene|d['’]entreprise|(?!{_NOT_BETWEEN})"
    rf"[a-zà-ÿ]{{3,}})\s)?"
    rf"(?:(?:s['’]appelle|nommée?|qui s['’]appelle|appelée?)\s|:\s?)?(?:{_QUOTED}|(?P<name>{NAME}))"
)
_PUBLIC_PLACE = re.compile(rf"\s(?:de\s(?:la\s)?|d['’]|du\s|des\s|)(?:{_QUOTED}|(?P<name>{NAME}))")
_FORM = re.compile(rf"(?P<name>{NAME})\s(?:SARL|SAS|SASU|EURL|SCOP|SCIC|SA)(?!\w)")
_CALLED = re.compile(
    rf"(?:[Oo]n s['’]appelle|[Nn]ous nous appelons|[Jj]e représente|[Nn]otre nom(?: c['’]est|"
    rf" est|\s?:)|[Mm]on asso s['’]appelle)\s(?:{_QUOTED}|(?P<name>{NAME}))"
)
# after a title or « je bosse chez »; after an organisation: « (Verdier) », « , la Maison X, »
_TITLED = re.compile(rf"(?:{_QUOTED}|(?P<name>{NAME}))")
_APPOSED = re.compile(
    rf"(?:[^.;:!?\n(,]{{0,60}}\((?:{_QUOTED}|(?P<name>{NAME}))\)|"
    rf",\s(?:(?:la|le|les|l['’])\s?)?(?P<subject>{NAME})(?=\s?(?:[,.;:(]|$)))"
)
_WE_ARE = re.compile(
    rf"(?:[Nn]ous sommes|[Oo]n est|[Jj]e représente|[Nn]ous représentons|[Cc]['’]est|[Ii]ci)\s"
    rf"(?:la |le |les |l['’])(?P<name>{NAME})"
)
_PERSON = re.compile(
    rf"(?:M\.|Mme|Mr|Monsieur|Madame)\s{CAPITAL}[^.;(\n]{{0,30}}\((?P<name>{NAME})\)"
)
_LOWER = re.compile(r"\s(?P<name>[a-z][a-z\-]{3,})(?=\s)")
_BARE = re.compile(
    rf"(?:(?<!\w)(?:avec|chez|par|auprès de|contactés? par|de la part de|"
    rf"dossier|grâce à|[Ss]ponsor\s?:|[Mm]écène\s?:|[Pp]artenariat\s?:|"
    rf"[Pp]artenaire(?: c['’]est| est| sera|\s?:)|(?:€|euros?|k) (?:de|par)|"
    rf"(?:entreprise|asso|association|société|boîte|mairie|commune) et)\s"
    rf"(?:{_QUOTED}|(?P<name>{NAME}))|"
    rf"(?:^|(?<=[.!?\n,]\s)|(?<=[.!?\n,])|(?<=que\s)|(?<=et\s)|(?<=:\s)|(?<=mais\s))(?P<subject>{NAME})"
    rf"\s(?:nous|veut|veulent|propose|va\s|souhaite|donne|offre|prête|finance|accepte|est prêt|"
    rf"est d['’]accord|aimerait|voudrait|pourrait nous|a proposé|serait|qui\s|verse|met\s|promet|"
    rf"reverse|soutient|sponsorise|parraine|aide\s|paie|paye|s['’]engage|envisage|compte\s|file\s))"
)
_SELF_BEFORE = re.compile(
    r"(?:moi c.est \w+(?: \w+)? (?:de|d|pour|chez|du)|"
    r"notre|mon|ma|nos|on est|nous sommes|je suis|ici|je travaille (?:a|pour|dans|chez)|"
    r"je bosse (?:a|pour|dans|chez)|(?:tresorier|tresoriere|president|presidente|directeur|"
    r"directrice|benevole|salariee?|membre|chargee? de \w+|secretaire|responsable|elue?|maire|"
    r"adjointe?|services|coordinatrice|coordinateur)(?: \w+){0,3} (?:de|a|du|dans|pour|chez)|"
    r"au nom de|je represente|pour le compte de|(?:notre|mon|ma) \w+(?: \w+)?,)"
    r"(?: l| la| le| une| un|)[\s']*$"
)
_PARTNER_BEFORE = re.compile(
    r"\b(?:avec|chez|par|partenaire|partenariat|soutenir|aider|prete\w*|donne\w*|verse\w*|"
    r"offre\w*|proposer|aupres de|par|de la part de|attribue\w* a|pour|vers)"
    r"(?: a| \w+){0,6}? (?:l'|la |le |une? )?$"
)
_MOST, _NEAR = 40, 4
_KINDS = ("association", "entreprise", "collectivite", "fondation", "metier")


class NameReader:
    """Reads names in the original text, where capitals are."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._never = lexicon.context("jamais_un_nom")

    def names(
        self, message: Message, scopes: Scopes, *, actor: str | None,
        organisations: tuple[Organisation, ...] = (),
    ) -> Iterator[Draft]:  # fmt: skip
        """``acteur_nom`` and ``partenaire_nom``, none inside another."""
        seen: list[Draft] = []
        for draft in self._candidates(message, actor, organisations):
            if any(d.start < draft.end and draft.start < d.end for d in seen):
                continue
            stance = scopes.stance(draft.start, draft.end, name=True)
            if stance in ("asked", "denied"):
                continue
            seen.append(draft)
            if len(seen) > _MOST:
                return
            yield replace(draft, sure=draft.sure and stance == "said")

    def _candidates(
        self, message: Message, actor: str | None, organisations: tuple[Organisation, ...]
    ) -> Iterator[Draft]:
        text = message.original
        for match in _CALLED.finditer(text):
            yield from self._draft(message, match, "acteur_nom")
        yield from self._titled(message)
        yield from self._after_kinds(message, actor)
        for match in _WE_ARE.finditer(text):
            yield from self._draft(message, match, "acteur_nom", sure=False)
        yield from self._apposed(message, organisations)
        for match in _PERSON.finditer(text):
            yield from self._draft(message, match, "partenaire_nom", sure=False)
        for match in _FORM.finditer(text):
            yield from self._draft(message, match, "partenaire_nom", sure=actor != "entreprise")
        for match in _BARE.finditer(text):
            yield from self._draft(message, match, "partenaire_nom")
        for known in self._lexicon.context("enseignes").finditer(message.work):
            value = text[slice(*message.span(*known.span()))]
            yield Draft("partenaire_nom", value, *known.span())
        yield from self._lower(message, organisations)

    def _titled(self, message: Message) -> Iterator[Draft]:
        """« DRH chez X », « je travaille pour X »."""
        for found in self._lexicon.context("titre_avant_nom").finditer(message.work):
            match = _TITLED.match(message.original, message.span(*found.span())[1]) or (
                _TITLED.match(message.original, message.span(*found.span())[1] + 1)
            )
            if match:
                near = self._lexicon.context("titre_chez").search(found[0])
                if near:
                    yield Draft("acteur_type", "entreprise", *found.span(), sure=False)
                yield from self._draft(message, match, "acteur_nom", sure=bool(near))

    def _apposed(
        self, message: Message, organisations: tuple[Organisation, ...]
    ) -> Iterator[Draft]:
        """« une asso de quartier (Les Jardins du Canal) », « notre association, la Maison X, »."""
        for number, one in enumerate(organisations):
            place = message.span(one.start, one.end)[1]
            match = _APPOSED.match(message.original, place)
            following = organisations[number + 1 :][:1]
            if match is None or any(
                message.span(o.start, o.end)[0] < match.start(match.lastgroup or 0)
                for o in following
            ):
                continue
            if one.own is not None:
                slot = "acteur_nom" if one.own else "partenaire_nom"
                yield from self._draft(message, match, slot, sure=one.own)

    def _lower(self, message: Message, organisations: tuple[Organisation, ...]) -> Iterator[Draft]:
        """« la boite verdier nous donne »: a word that is none of ours, before a verb."""
        for one in organisations:
            match = _LOWER.match(message.work, one.end)
            if match is None or match["name"] in self._lexicon.protected | STOP_WORDS:
                continue
            if self._lexicon.context("verbe_ensuite").match(message.work, match.end()):
                first, last = match.span("name")
                value = message.original[slice(*message.span(first, last))]
                slot = "acteur_nom" if one.own else "partenaire_nom"
                yield Draft(slot, value, first, last, sure=False)

    def _after_kinds(self, message: Message, actor: str | None) -> Iterator[Draft]:
        for kind in _KINDS:
            for found in self._lexicon.context(f"nom_{kind}").finditer(message.work):
                first, last = message.span(*found.span())
                follow = _AFTER_KIND
                if kind in ("collectivite", "metier"):
                    follow = _PUBLIC_PLACE
                match = _AFTER_KIND.match(message.original, last) if kind == "metier" else None
                near = match is None or match.start(match.lastgroup or 0) - last < _NEAR
                match = match or follow.match(message.original, last)
                if match is None:
                    continue
                slot, sure = self._side(message, found.start(), kind, actor)
                sure = sure and near
                whole = first if kind in ("collectivite", "fondation", "metier") else None
                yield from self._draft(message, match, slot, sure=sure, since=whole)

    def _draft(
        self, message: Message, match: re.Match[str], slot: str, *, sure: bool = True,
        since: int | None = None,
    ) -> Iterator[Draft]:  # fmt: skip
        groups = match.groupdict()
        group = next((g for g in ("quoted", "name", "subject") if groups.get(g)), None)
        if group is None:
            return
        start, _ = match.span(group)
        name = match[group].strip(" .'’-&")
        start += match[group].find(name) if name else 0
        first, last = message.place(start), message.place(start + len(name))
        if len(name) < 2 or self._never.fullmatch(message.work[first:last].strip()):
            return
        if since is not None:
            name = message.original[since : start + len(name)]
            first = message.place(since)
        yield Draft(slot, name, first, last, sure)

    def _side(self, message: Message, place: int, kind: str, actor: str | None) -> tuple[str, bool]:
        before = message.work[max(0, place - 70) : place]
        if _SELF_BEFORE.search(before) or self._lexicon.context("soi_avant").search(before):
            return "acteur_nom", True
        if _PARTNER_BEFORE.search(before):
            return "partenaire_nom", True
        if kind == actor:
            return "acteur_nom", False
        return "partenaire_nom", actor is not None
