"""Who gives what to whom: each verb with the one who acts, what it bears on, and who receives.

A shallow parser: verb classes, object classes and organisations are lists of words
(``comprehension.yaml``); what they say together is decided here, once, for every wording.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from assistant.coaching.understanding.drafts import Draft
from assistant.coaching.understanding.lexicon import Lexicon
from assistant.coaching.understanding.numbers import Number
from assistant.coaching.understanding.organisations import Organisation
from assistant.coaching.understanding.scopes import Scopes
from assistant.coaching.understanding.text import Message, Passage

_VERBS = ("recevoir", "subventionner", "vendre", "payer", "preter", "donner", "aider")
_MOST, _BEFORE, _AFTER = 40, 110, 110
_OBJECTS = ("salarie", "bien", "argent", "prestation", "abstrait")
_SELF = re.compile(r"\b(?:on|je|j|moi)[\s']*(?:ne?[\s'])?$")
# « nous », before a verb of its own person, is who acts; else who receives
_WE = re.compile(r"\bnous[\s,](?:(?:ne|n|y|en|leur|lui|vous|les|la|le|l)[\s'])*\w+ons\b")
# « la pharmacie du bourg », « avec la mairie »: a complement is no subject
_LINKED = re.compile(r"\b(?:a|aux?|avec|chez|pour|dans|du|des|de|d)[\s'](?:l[a']?|les?|une?)?\s?$")
_BREAK = re.compile(r"\b(?:puisque?|car|parce|que|qui|si|comme|donc|alors|mais)\b")
_NEITHER = re.compile(r"\b(?:ni|aucune?|personne|rien)\b.*\bn[e']\s?(?:\w+\s)?$")
_DATIVE = re.compile(r"\b(?:nous|me|m)\b[\s']*")
_COUNTED = re.compile(
    r"(?!par\b|pour\b|sur\b|sans\b|contre\b|chaque\b|en\b|au\b|mais\b|et\b)[a-z]{3,}"
)
_YEARS = range(1990, 2101)


@dataclass(frozen=True, slots=True)
class Side:
    """One who gives or receives: the author, or another of some kind."""

    own: bool
    organisation: Organisation | None = None

    @property
    def kind(self) -> str | None:
        """The kind of organisation, when it is named."""
        return self.organisation.kind if self.organisation else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One verb and its roles; ``thing`` is the class of what is given."""

    verb: str
    start: int
    end: int
    giver: Side | None
    taker: Side | None
    thing: str | None
    thing_end: int

    @property
    def tied(self) -> bool:
        """Whether both sides are known: the clause itself supports what it says."""
        return self.giver is not None and self.taker is not None


@dataclass(frozen=True, slots=True)
class ClauseReader:
    """Reads the clauses of one message."""

    message: Message
    lexicon: Lexicon
    scopes: Scopes
    organisations: tuple[Organisation, ...]
    numbers: tuple[Number, ...]

    def drafts(self, actor: str | None) -> Iterator[Draft]:
        """Flows, the other side's type and the direction of help, from every clause."""
        ways: dict[bool, Clause] = {}
        for clause in self.clauses():
            stance = self.scopes.stance(clause.start, clause.thing_end)
            if stance in ("asked", "denied") or self._refused(clause.start):
                continue
            subject = clause.giver.organisation if clause.giver else None
            if subject and self.scopes.denied(subject.start, subject.end, name=True):
                continue
            said = stance == "said"
            yield from self._flow(clause, actor, said=said)
            yield from self._partner(clause, said=said)
            brought = clause.thing or "apport" in self.message.work[clause.start : clause.end]
            if clause.giver and clause.verb == "donner" and brought:
                ways.setdefault(clause.giver.own, clause)
            if self._public(clause):
                yield self._draft(clause, "payeur_public", value=True, sure=said and clause.tied)
            direction = _direction(clause, actor)
            if direction:
                yield self._draft(clause, "sens_apport", direction, sure=said and clause.tied)
        if {True, False} <= ways.keys():  # each gives to the other
            yield self._draft(max(ways.values(), key=lambda c: c.start), "sens_apport",
                              "reciproque", sure=False)  # fmt: skip

    def _refused(self, place: int) -> bool:
        """« ni l'association ni nous ne versons d'argent »."""
        before = self.message.work[self.message.clause(place).start : place]
        return bool(_NEITHER.search(before))

    def clauses(self) -> Iterator[Clause]:
        """Each verb of giving, lending, paying, selling, helping, in order; at most forty."""
        work = self.message.work
        found: list[tuple[int, int, str]] = []
        taken = bytearray(len(work) + 1)
        for name in _VERBS:
            for match in self.lexicon.context(f"verbe_{name}").finditer(work):
                if not any(taken[match.start() : match.end()]) and len(found) < _MOST:
                    taken[match.start() : match.end()] = b"\x01" * len(match[0])
                    found.append((match.start(), match.end(), name))
        found.sort()
        for place, (start, end, name) in enumerate(found):
            sentence = self.message.sentence(start)
            last = found[place + 1][0] if place + 1 < len(found) else len(work)
            around = Passage(
                max(sentence.start, start - _BEFORE, found[place - 1][1] if place else 0),
                min(sentence.end, end + _AFTER, max(last, end)),
            )
            yield self._clause(name, start, end, around)

    def _clause(self, verb: str, start: int, end: int, around: Passage) -> Clause:
        giver, dative = self._giver(start, end, around)
        if verb == "recevoir":
            thing, last = self._thing(start, end, around, passive=False)
            return Clause(verb=verb, start=start, end=end, giver=self._origin(end, around),
                          taker=giver, thing=thing, thing_end=last)  # fmt: skip
        dative = dative or "notre" in self.message.work[start:end]
        taker = Side(own=True) if dative else self._taker(end, around)
        if verb in ("aider", "subventionner") and taker is None:
            taker = self._helped(end, around)
        thing, last = self._thing(start, end, around, passive=giver is None)
        if giver is None and taker is None and verb != "vendre":
            giver = self._agent(end, around)
        return Clause(verb=verb, start=start, end=end, giver=giver, taker=taker, thing=thing,
                      thing_end=last)  # fmt: skip

    def _giver(self, start: int, end: int, around: Passage) -> tuple[Side | None, bool]:
        """Who acts, and whether « nous » receives."""
        work = self.message.work
        before = work[around.start : start]
        chain = self.lexicon.context("chaine_verbale").search(before)
        head = before[: chain.start()] if chain else before
        inner = before[len(head) :]
        if _SELF.search(head) or _WE.search(f"{head[-8:]}{inner}{work[start:end]}"):
            return Side(own=True), False
        dative = bool(_DATIVE.search(inner) or _DATIVE.search(head[-8:]))
        head = re.sub(r"\b(?:nous|me|m|leur|lui|vous|y|en|se|s)[\s']*$", "", head)
        if re.search(r"\b(?:ils|elles?|il|eux)[\s,']*$", head):
            return Side(own=False), dative
        subject = self._subject(around.start, around.start + len(head))
        if subject is not None:
            own = bool(subject.own) and not dative
            return Side(own, None if own and subject.own is None else subject), dative
        return (Side(own=False) if dative else None), dative

    def _subject(self, first: int, last: int) -> Organisation | None:
        """The nearest organisation before the verb that no break parts from it."""
        work = self.message.work
        for one in reversed(self.organisations):
            if one.end > last or one.start < first:
                continue
            gap = re.sub(r"\([^)]*\)|\"[^\"]*\"", "", work[one.end : last])
            before = work[max(first, one.start - 14) : one.start]
            if len(gap.split()) > 8 or re.search(r"[;:]|\b(?:mais|donc|car|que|et)\b", gap):
                return None
            if _LINKED.search(before):
                continue
            return one
        return None

    def _taker(self, end: int, around: Passage) -> Side | None:
        """« à notre club », « pour une asso »."""
        work = self.message.work
        for one in self.organisations:
            if not end <= one.start < around.end:
                continue
            before = work[max(end, one.start - 30) : one.start]
            if _BREAK.search(work[end : one.start]):
                return None
            if self.lexicon.context("vers_avant").search(before):
                return Side(own=one.own is True, organisation=one)
        tail = work[end : around.end]
        return Side(own=False) if re.match(r"\s?(?:leur|lui)\b(?!\s\w+s\b)", tail) else None

    def _helped(self, end: int, around: Passage) -> Side | None:
        """« aider une association »: the object is who receives."""
        for one in self.organisations:
            if end <= one.start < min(around.end, end + 40):
                return Side(own=one.own is True, organisation=one)
        return None

    def _agent(self, end: int, around: Passage) -> Side | None:
        """« donné par une entreprise »."""
        work = self.message.work
        for one in self.organisations:
            if end <= one.start < around.end and re.search(
                r"\bpar\s(?:l[a']?|le|les|une?|notre|des)?\s?(?:\w+\s)?$", work[end : one.start]
            ):
                return Side(own=one.own is True, organisation=one)
        return None

    def _origin(self, end: int, around: Passage) -> Side | None:
        """« reçu d'une fondation », « touche de la mairie »."""
        work = self.message.work
        for one in self.organisations:
            if end <= one.start < around.end and re.search(
                r"\b(?:d|de|du|des|par)[\s'](?:l[a']?|les?|une?|notre|nos)?[\s']?(?:\w+\s)?$",
                work[end : one.start],
            ):
                return Side(own=one.own is True, organisation=one)
        return None

    def _thing(
        self, start: int, end: int, around: Passage, *, passive: bool
    ) -> tuple[str | None, int]:
        """The class of the nearest object after the verb; before it in « … est prêté »."""
        best: tuple[int, int, str] | None = None
        for number in self.numbers:
            if end <= number.start < around.end and self._is_money(number):
                best = (number.start, number.end, "argent")
                break
        for name in _OBJECTS[:4] if best else _OBJECTS:
            match = self.lexicon.context(f"objet_{name}").search(self.message.work, end, around.end)
            if match is None or any(
                o.start < match.end() and match.start() < o.end for o in self.organisations
            ):
                continue
            if best is None or match.start() < best[0]:
                best = (match.start(), match.end(), name)
        if best is None and passive:
            for name in _OBJECTS[:2]:
                match = self.lexicon.context(f"objet_{name}").search(
                    self.message.work, around.start, start
                )
                if match:
                    return name, end
        return (best[2], best[1]) if best else (None, end)

    def _is_money(self, number: Number) -> bool:
        if number.kind == "percent":
            return False
        if number.kind == "euros":
            return True
        follow = self.message.work[number.end : number.end + 20].lstrip()
        counted = _COUNTED.match(follow)
        return number.value >= 100 and int(number.value) not in _YEARS and not counted

    def _flow(self, clause: Clause, actor: str | None, *, said: bool) -> Iterator[Draft]:
        flow = _FLOWS.get((clause.verb, clause.thing or ""))
        alone = clause.giver is None and clause.taker is None
        if flow is None or (alone and clause.thing != "bien"):
            return
        giver = clause.giver.kind if clause.giver else None
        if clause.giver and clause.giver.own:
            giver = giver or actor
        sure = said and clause.tied and (clause.verb, clause.thing) not in _LOOSE
        after = self.message.work[clause.thing_end : clause.thing_end + 18]
        if flow == "don_numeraire" and (giver == "collectivite" or "subvention" in after):
            flow, sure = "subvention", False
        yield self._draft(clause, "flux", [flow], sure=sure)

    @staticmethod
    def _public(clause: Clause) -> bool:
        """Whether a local authority pays money."""
        giver = clause.giver.kind if clause.giver else None
        return giver == "collectivite" and (
            clause.verb == "subventionner" or clause.thing in ("argent", "prestation")
        )

    def _partner(self, clause: Clause, *, said: bool) -> Iterator[Draft]:
        sides = (clause.giver, clause.taker)
        for one, facing in (sides, sides[::-1]):
            if one and one.organisation and not one.own and facing and facing.own:
                where = one.organisation
                sure = said and not where.vague
                yield Draft("partenaire_type", where.kind, where.start, where.end, sure, force=2)
        one = clause.giver
        if one and one.organisation and not one.own and clause.taker is None and clause.thing:
            where = one.organisation
            yield Draft("partenaire_type", where.kind, where.start, where.end, sure=False)

    def _draft(self, clause: Clause, slot: str, value: Any, *, sure: bool) -> Draft:
        return Draft(slot, value, clause.start, max(clause.end, clause.thing_end), sure)


_FLOWS = {
    ("donner", "argent"): "don_numeraire", ("donner", "bien"): "don_nature",
    ("donner", "salarie"): "temps_salarie", ("preter", "bien"): "don_nature",
    ("preter", "salarie"): "temps_salarie", ("preter", "argent"): "pret_ou_capital",
    ("payer", "prestation"): "prix", ("vendre", "argent"): "prix",
    ("vendre", "prestation"): "prix", ("vendre", "bien"): "prix", ("vendre", "salarie"): "prix",
    ("recevoir", "argent"): "don_numeraire", ("recevoir", "bien"): "don_nature",
    ("subventionner", "argent"): "subvention", ("aider", "argent"): "don_numeraire",
}  # fmt: skip
# what may as well be something else: said to be confirmed
_LOOSE = frozenset({
    ("aider", "argent"), ("donner", "salarie"), ("vendre", "salarie"), ("vendre", "bien"),
    ("preter", "argent"),
})  # fmt: skip


def _direction(clause: Clause, actor: str | None) -> str | None:
    """``sens_apport``, when the kinds of both sides are told apart."""
    if clause.verb in ("payer", "vendre", "subventionner") or clause.giver is None:
        return None
    giver = clause.giver.kind or (actor if clause.giver.own else None)
    taker = clause.taker.kind if clause.taker else None
    if clause.taker and clause.taker.own:
        taker = taker or actor
    if giver in ("entreprise", "fondation") and clause.taker and taker != "entreprise":
        return "E_vers_A"
    if taker == "association" and giver not in ("association", "collectivite"):
        return "E_vers_A"
    if giver == "association" and taker == "entreprise":
        return "A_vers_E"
    return None
