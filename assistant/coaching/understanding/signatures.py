"""Who writes, from where a name stands: a signature, an opening, « X, c'est nous »; to confirm."""

import re
from collections.abc import Iterator, Sequence

from assistant.coaching.understanding.drafts import Draft
from assistant.coaching.understanding.lexicon import Lexicon
from assistant.coaching.understanding.names import CAPITAL, NAME
from assistant.coaching.understanding.organisations import KINDS, Organisation
from assistant.coaching.understanding.text import Message
from assistant.knowledge.analysis import STOP_WORDS

_QUOTED = r"[\"«“]\s?(?P<quoted>[^\"»”\n]{2,50}?)\s?[\"»”]"
_NAMED = rf"(?:{_QUOTED}|(?P<name>{NAME}))"
_ARTICLE = r"(?:(?:[Ll]a|[Ll]e|[Ll]es|[Ll]['’]|[Dd]u|[Dd]e|[Dd]['’])\s?)?"
# « moi c'est Léa de X », « ici X », « nous, X, », « X c'est nous », « l'asso c X »
_CALLED = (
    re.compile(
        rf"(?:[Mm]oi,?\s(?:c['’]?\s?est|c)\s{CAPITAL}(?:\s{CAPITAL})?,?\s(?:de|du|d['’]|pour|chez)"
        rf"\s?(?:la\s|l['’]|les\s)?|"
        rf"(?<!\w)(?:c|cest|c['’]est)\s{CAPITAL},?\s(?:de|du|d['’])\s?(?:la\s|l['’])?|"
        rf"[Pp]our\s(?:l['’]asso\w*|le club|la société|la fondation)\s(?={CAPITAL})|"
        rf"(?<!\w)[Ii]ci,?\s(?:{CAPITAL},?\s(?:de|du|d['’])\s?)?{_ARTICLE}|"
        rf"(?<!\w)[Nn]ous\s?[,(]\s?{_ARTICLE}|(?<!\w)[Nn]ous,?\s(?:c['’]est|c)\s{_ARTICLE}|"
        rf"(?:asso\w*|club|entreprise|boîte|boite|structure|on|collectif)\s"
        rf"(?:c['’]?\s?est|c|s['’]?\s?appelle)\s{_ARTICLE}|"
        rf"(?:rédige|écris|ecris|agis)\s(?:pour|au nom de)\s{_ARTICLE}(?:\w+\s)?|"
        rf"au sein\s(?:du|de la|de l['’]|de)\s?(?:\w+\s)?|"
        rf"(?:de la part|au nom|pour le compte)\s(?:de\s|du\s|des\s|d['’])(?:la\s|l['’])?|"
        rf"(?:^|[.!?\n]\s?){CAPITAL},?\s(?:de|du|d['’])\s?(?:la\s|l['’])?(?={CAPITAL}[^.!?\n]{{0,40}}\s?:)|"
        rf"(?<!\w)[Jj]e\ssuis\s(?:de|du|chez|d['’])\s?(?:la\s|l['’])?){_NAMED}"
    ),
    re.compile(
        rf"{_NAMED}(?:\s?=\s?nous\b|,?\s(?:c['’]est|cest|c)\s(?:nous|moi|le nom de notre|notre)\b|"
        rf"\s(?:ici|bonjour)\b)"
    ),
)
# a name that opens: « X, asso de… », « X : … », « X (ciné-club) », « X cherche »
_OPENS = re.compile(rf"\W*{_ARTICLE}{_NAMED}(?=\s?[,:;(/.\n–—=]|\s-\s|\s(?P<verb>[a-zà-ÿ]+['’\s]))")
_TO_US = re.compile(r"^[^.!?;\n]{0,45}?\b(?:nous|ns|m['’]|notre)\b")
_ALONE = re.compile(rf"\W*{_ARTICLE}{_NAMED}(?:,\s[^.,;:!?\n]{{2,40}})?\s*[.!]?\s*")
_PIECES = re.compile(r"[^\n,|;·•/]+")
_DASH = re.compile(r"\s[-–—]\s|--+")
_PERSON = re.compile(rf"(?:(?:M\.|Mme|Mr)\s)?{CAPITAL}\s(?:{CAPITAL}|[A-Z]{{2,}})")
_LAST_LINES, _TAIL, _LONGEST, _NEAR = 4, 260, 60, 3
_MARKS = " .,:;'’\"«»()-–—!"
# « J'hésite », « Peut-on », « L'association », « RNA W42… » are no names
_COMMON = re.compile(
    r"(?:j'|c'|qu'|n'|(?:notre|nos|mon|ma|mes|leurs?|votre|vos|cent|mille|suite|note)\b|rna|siren|siret|art\b|aap\b|objet|ref\b|mesdames|messieurs|chers?|cheres?|"
    r"de$|tr$|re$|fw|l'\w+$|\w+-(?:on|il|elle|nous|vous|je|moi)\b|\w+ez$|tkt|moi\b|toi\b|\d+$)"
)
_DEFINITE = re.compile(r"\b(?:du|de la|de l|des|la|le|les|l|ici|au|notre|d)[\s']*$")
_PLACED = re.compile(
    rf"(?:[\s-](?:de|d['’]|du|des|la|le|les|l['’])?\s?(?:la\s|les\s|l['’])?{CAPITAL}){{1,4}}"
)
_TOWN_OF = re.compile(
    r"(?<!\w)(?:[Mm]aire|[Mm]airie|[Vv]ille|[Cc]ommune|[Mm]étropole|[Bb]assin|[Vv]allée|[Cc]anton|[Pp]ays|"
    r"[Ss]ecteur|[Aa]gglo\w*|[Cc]lub|[Rr]égion|[Cc]ommunes|[Ff]êtes|[Qq]uartier|[Vv]illage|[Aa]ssociation|"
    r"[Aa]sso|[Ee]ntreprise|[Bb]asée?s?|[Ii]nstallée?s?|[Ss]ituée?s?|[Bb]oulangerie|[Gg]arage)"
    rf"\s(?:de|d['’]|à|a|dans|du|sur)\s?(?:la\s|l['’])?(?P<name>{CAPITAL}(?:[\s-](?:sur|en|de|la|le|les|du)?[\s-]?{CAPITAL}){{0,3}})"
)
_TOWN_ASIDE = re.compile(rf"(?:{NAME})\s?\((?P<name>{CAPITAL}(?:-\w+){{0,4}}|\d\d|2[AB])\)")
# « EHPAD public de Ruffec. », « Nous (filature, Tourcoing) », « ma PME (Oyonnax) »
_TOWN_LAST = re.compile(
    rf"(?<!\w)[A-Za-zà-ÿ]{{3,}}\s(?:de|d['’]|du|à|a|dans le|en)\s?(?P<name>{CAPITAL}(?:\sbasque)?)"
    r"(?=\s?[,.:;(]|\s?$)"
)
_TOWN_OURS = re.compile(
    rf"(?:[Mm]on|[Mm]a|[Nn]otre|[Nn]ous|[Aa]sso\w*)\b[^(.;:\n]{{0,40}}\((?:[a-zà-ÿ ]+,\s)?"
    rf"(?P<name>{CAPITAL})\)"
)
_POST_CODE = re.compile(rf"(?<!\d)\d{{5}}\s(?P<name>{CAPITAL}(?:[\s-]{CAPITAL}){{0,3}})")


def signed(
    message: Message, lexicon: Lexicon, drafts: Sequence[Draft], named: Sequence[Organisation]
) -> list[Draft]:
    """``acteur_nom`` and ``territoire`` that no other reading gives."""
    if any(d.slot == "acteur_nom" and d.sure for d in drafts):
        return _towns(message, lexicon, drafts)
    found: list[Draft] = []
    strong = [*_called(message), *_signature(message, lexicon)]
    weak = () if any(d.slot == "acteur_nom" for d in drafts) else (
        _own(message, named), _opening(message, lexicon, drafts, named), _alone(message),
    )  # fmt: skip
    for group in (strong, *weak):
        fresh = [d for d in group if _is_name(d, message, lexicon, drafts)]
        if group is not strong and (found or not fresh):
            continue
        found += fresh
    kept = {str(d.value).casefold(): d for d in reversed(found)}
    return [*list(kept.values())[:2], *_towns(message, lexicon, drafts)]


def _is_name(draft: Draft, message: Message, lexicon: Lexicon, drafts: Sequence[Draft]) -> bool:
    """Whether a candidate may be the author: no common word, not surely the partner."""
    value = str(draft.value)
    if not 2 <= len(value) <= _LONGEST:
        return False
    work = message.work[draft.start : draft.end].strip()
    common = work in lexicon.protected | STOP_WORDS or _COMMON.match(work)
    if common or lexicon.context("jamais_un_nom").fullmatch(work):
        return False
    return not any(
        (d.slot == "acteur_nom" and d.value == value)
        or (d.slot == "partenaire_nom" and d.sure and d.start < draft.end and draft.start < d.end)
        for d in drafts
    )


def _draft(message: Message, start: int, end: int) -> Draft:
    text = message.original[start:end]
    start += len(text) - len(text.lstrip(_MARKS))
    value = text.strip(_MARKS)
    first, last = message.place(start), message.place(start + len(value))
    return Draft("acteur_nom", value, first, max(last, first + 1), sure=False, force=0)


def _of(message: Message, match: re.Match[str]) -> Draft:
    return _draft(message, *match.span("quoted" if match["quoted"] else "name"))


def _called(message: Message) -> Iterator[Draft]:
    for pattern in _CALLED:
        for match in list(pattern.finditer(message.original))[:2]:
            yield _of(message, match)


def _signature(message: Message, lexicon: Lexicon) -> Iterator[Draft]:
    """The organisation in the last lines of a mail: « Léa Roy, trésorière, Les Lucioles »."""
    start = _tail(message, lexicon)
    if start is None:
        return
    text = _DASH.sub(lambda m: "\n" * len(m[0]), message.original[start:])
    for number, match in enumerate(_PIECES.finditer(text)):
        piece = match[0].strip(_MARKS)
        first = start + match.start() + match[0].find(piece) if piece else 0
        if not piece or not any(c.isupper() for c in piece):
            continue
        work = message.work[message.place(first) : message.place(first + len(piece))]
        role = lexicon.context("apres_fonction").match(work)
        if role is not None and role.end() < len(work):
            inner = message.span(
                message.place(first) + role.end(), message.place(first) + len(work)
            )
            yield _draft(message, *inner)
            continue
        if lexicon.context("pas_une_structure").fullmatch(work):
            continue
        person = number <= 1 and _PERSON.fullmatch(piece)
        if _organised(work, lexicon) or (not person and re.fullmatch(NAME, piece)):
            yield _draft(message, first, first + len(piece))


def _organised(work: str, lexicon: Lexicon) -> bool:
    return any(lexicon.context(f"org_{kind}").search(work) for kind in KINDS)


def _tail(message: Message, lexicon: Lexicon) -> int | None:
    """Where a signature starts in the original: after a closing formula, or the last lines."""
    size = len(message.work)
    closing = [
        m for m in lexicon.context("formule_de_fin").finditer(message.work, max(0, size - _TAIL))
        if m.end() < size and m.start() > size // 4
    ]  # fmt: skip
    if closing:
        return message.span(closing[-1].end(), size)[0]
    lines = [m.start() for m in re.finditer(r"\n(?=[^\n]{2,70}(?:\n|$))", message.original)]
    last = [place for place in lines if place > len(message.original) - _TAIL][-_LAST_LINES:]
    return last[0] if last and last[0] > len(message.original) // 3 else None


def _opening(
    message: Message, lexicon: Lexicon, drafts: Sequence[Draft], named: Sequence[Organisation]
) -> Iterator[Draft]:
    """Who a message begins with, unless it gives to « nous »."""
    start, work = 0, message.work
    while (polite := lexicon.polite.match(work, start)) and polite.end() > start:
        start = polite.end()
        start += len(work[start:]) - len(work[start:].lstrip(" ,.!:;\n"))
    place = message.span(start, len(work))[0]
    if named and not any(one.own for one in named[1:]):
        first, last = message.span(named[0].start, named[0].end)
        placed = _PLACED.match(message.original, last) if first - place <= _NEAR else None
        if placed and not _TO_US.match(message.original[placed.end() :]):
            yield _draft(message, first, placed.end())
            return
    match = _OPENS.match(message.original, place)
    if match is None or _TO_US.match(message.original[match.end() :]):
        return
    draft = _of(message, match)
    others = [d for d in drafts if d.slot == "partenaire_nom"]
    over = [d for d in others if d.start < draft.end and draft.start < d.end]
    several = sum(word[:1].isupper() for word in str(draft.value).split()) > 1
    if not match["verb"] or (several and (not over or len(others) > len(over))):
        yield draft


def _alone(message: Message) -> Iterator[Draft]:
    """A name that is a whole sentence, the last one first: « Garage Perrot. »."""
    for one in reversed(message.sentences[1:]):
        match = _ALONE.fullmatch(message.original, *message.span(one.start, one.end))
        if match:
            yield _of(message, match)
            return


def _own(message: Message, named: Sequence[Organisation]) -> Iterator[Draft]:
    """« la trésorière du judo club de Thiers »: a definite organisation of one's own."""
    for one in named:
        if not one.own or not _DEFINITE.search(message.work[max(0, one.start - 8) : one.start]):
            continue
        start, end = message.span(one.start, one.end)
        placed = _PLACED.match(message.original, end)
        if placed or (one.end - one.start > _NEAR and " " in message.original[start:end]):
            before = re.search(r"\w+\s$", message.original[:start])
            if before and re.search(r"\b(?:judo|foot|basket|rugby|volley|hand|tennis|velo|vélo)\s$",
                                    before[0]):  # fmt: skip
                start = before.start()
            yield _draft(message, start, placed.end() if placed else end)


def _towns(message: Message, lexicon: Lexicon, drafts: Sequence[Draft]) -> list[Draft]:
    told = {str(d.value).casefold() for d in drafts if d.slot == "territoire"}
    if any(d.slot == "territoire" and d.sure for d in drafts):
        return []
    found: list[Draft] = []
    for pattern in (_TOWN_OF, _TOWN_ASIDE, _POST_CODE, _TOWN_OURS, _TOWN_LAST):
        if pattern is _TOWN_LAST and (told or found):
            break
        for match in list(pattern.finditer(message.original))[:2]:
            first, last = (message.place(p) for p in match.span("name"))
            never = lexicon.context("jamais_un_nom").fullmatch(message.work[first:last])
            if not never and match["name"].casefold() not in told:
                told.add(match["name"].casefold())
                found.append(Draft("territoire", match["name"], first, last, sure=False, force=0))
    return found
