"""Where: the territory, the address of premises, the place of signature, a named project."""

import re
from collections.abc import Iterator

from assistant.coaching.understanding.drafts import Draft
from assistant.coaching.understanding.lexicon import Lexicon
from assistant.coaching.understanding.names import CAPITAL, NAME
from assistant.coaching.understanding.text import Message

_CITY = rf"{CAPITAL}(?:[\s-](?:sur|en|de|la|le|les)?[\s-]?{CAPITAL}){{0,3}}"
_PLACE = re.compile(
    rf"(?<!\w)(?P<cue>[àaÀA]|sur|dans|en|près de|autour de|au|du côté de)\s"
    rf"(?P<name>(?:(?:le|la|les|l['’])\s?)?{_CITY})"
)
_TOWNS = re.compile(
    rf"(?<!\w)(?:[àaÀA]|sur|dans|de|entre)\s(?P<towns>{_CITY}(?:(?:,\s|\set\s(?:à\s|a\s)?){_CITY}){{0,5}})"
)
_AREA = re.compile(
    rf"(?<!\w)(?P<name>(?:(?:le |du |dans le )?quartier (?:de la |de |des |du |d['’])?{NAME})|"
    r"(?:dans|sur) le (?:\d{2}|2[AB]|97\d)(?!\w|[.,/ ]\d| (?:mois|jours|ans|%)))"
)
_ADDRESS = re.compile(
    r"(?<!\w)(?P<name>(?:\d{1,4}(?:\s?(?:bis|ter))?,?\s)?(?:rue|avenue|av\.?|boulevard|bd|place|"
    rf"impasse|chemin|quai|route|allée|allee|cours|square)\s(?:de la |de |des |du |d['’]|de l['’]|)"
    rf"{NAME})"
)
_SIGNED = re.compile(rf"(?:[Ss]ign\w{{1,6}}|[Ss]ignature)\s(?:à|a)\s(?P<name>{_CITY})")
_COURT = re.compile(rf"(?P<name>[Tt]ribunal (?:\w+ )?(?:de |d['’]|du ){_CITY})")
_PROJECT = re.compile(
    r"[Pp]rojet de territoire\s"
    rf"(?:[\"«“]\s?(?P<quoted>[^\"»”\n]{{2,60}}?)\s?[\"»”]|(?P<name>{NAME}))"
)
_SEATED = re.compile(rf"\s(?:de|d['’]|à|a|sur)\s?(?P<name>{_CITY})")
_MOST = 40
_LEADING = re.compile(
    r"^(?:dans (?:le |la |les |l['’])?|sur |en |à |a |autour de |du côté de |de |d['’])"
)


class PlaceReader:
    """Reads places in the original text, where capitals are."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def places(self, message: Message) -> Iterator[Draft]:
        """Every place, none inside another; the most precise reading first."""
        taken: list[Draft] = []
        for draft in self._candidates(message):
            if not any(
                d.start < draft.end and draft.start < d.end and _same_kind(d, draft) for d in taken
            ):
                taken.append(draft)
                if len(taken) > _MOST:
                    return
                if draft.slot:
                    yield draft

    def _candidates(self, message: Message) -> Iterator[Draft]:
        yield from self._found(message, _SIGNED, "signature.lieu")
        yield from self._found(message, _COURT, "litiges.juridiction")
        premises = self._lexicon.context("locaux").search(message.work)
        yield from self._found(message, _ADDRESS, "local.adresse" if premises else "")
        yield from self._found(message, _PROJECT, "projet_territoire_nom")
        for kind in ("association", "entreprise"):
            for found in self._lexicon.context(f"nom_{kind}").finditer(message.work):
                match = _SEATED.match(message.original, message.span(*found.span())[1])
                if match:
                    yield from self._draft(message, match, "territoire", sure=True)
        for known in self._lexicon.places.finditer(message.work):
            value = message.original[slice(*message.span(*known.span()))]
            sure = not message.sentence(known.start()).question
            yield Draft("territoire", _LEADING.sub("", value), *known.span(), sure)
        yield from self._aimed(message)
        yield from self._found(message, _AREA, "territoire")
        yield from self._found(message, _PLACE, "territoire")

    def _aimed(self, message: Message) -> Iterator[Draft]:
        """« on vise 150 jeunes à Trappes et Élancourt »: where the action takes place."""
        aimed = self._lexicon.context("action_visee")
        for match in _TOWNS.finditer(message.original):
            place = message.place(match.start())
            sentence = message.sentence(place)
            if not aimed.search(message.work, sentence.start, sentence.end):
                continue
            for town in re.finditer(_CITY, match["towns"]):
                first = match.start("towns") + town.start()
                start, end = message.place(first), message.place(first + len(town[0]))
                never = self._lexicon.context("jamais_un_nom").fullmatch(message.work[start:end])
                if not never:
                    yield Draft("perimetre.geographique", [town[0]], start, end, sure=False)

    def _found(self, message: Message, pattern: re.Pattern[str], slot: str) -> Iterator[Draft]:
        for match in pattern.finditer(message.original):
            cue = match.groupdict().get("cue")
            sure = cue is None or cue.lower() in ("à", "a", "près de")
            yield from self._draft(message, match, slot, sure=sure)

    def _draft(
        self, message: Message, match: re.Match[str], slot: str, *, sure: bool
    ) -> Iterator[Draft]:
        group = "name" if match["name"] else "quoted"
        first, last = (message.place(p) for p in match.span(group))
        folded = message.work[first:last]
        sure = sure and not message.sentence(first).question
        never = self._lexicon.context("jamais_un_nom").fullmatch(folded.strip())
        if slot == "territoire" and (never or self._lexicon.context("enseignes").search(folded)):
            return
        yield Draft(slot, _LEADING.sub("", match[group]), first, last, sure)


def _same_kind(one: Draft, other: Draft) -> bool:
    """The seat and the reach of an action may be the same words."""
    return "perimetre.geographique" not in (one.slot, other.slot) or one.slot == other.slot
