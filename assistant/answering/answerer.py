"""``Answerer.answer``: the one way from a message to a reply.

Courtesy and refused requests first, then follow-ups, then search, abstention and composition.
Everything is a function of the message, the conversation and the index: the same question
gives the same bytes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from assistant.answering.abstention import AbstentionModel, Evidence, evidence_for, presumes
from assistant.answering.composition import BUDGET, compose
from assistant.answering.followup import Need, Turn, need_of, resolved
from assistant.answering.manners import (
    Intention,
    Manners,
    Recognizer,
    flat,
    is_english,
    translated,
    wrong_count,
)
from assistant.answering.reading import is_close, parts_of, without_preamble
from assistant.answering.reply import Citation, Reason, Related, Reply, Status
from assistant.errors import CallerError, TooLarge
from assistant.knowledge.content import SourceDocument
from assistant.knowledge.generation import Index
from assistant.knowledge.query import Query
from assistant.knowledge.search import Context, Hit, Searcher
from assistant.knowledge.unit import Passage, Unit, UnitKind
from assistant.texts import Texts

ACTORS = ("association", "entreprise", "collectivite")
CANDIDATES = 12
SUGGESTIONS = 3
RELATED = 3
RELATED_SCORE = 0.45  # fused score under which a card has little to do with the question
NAMED_SUBJECT = 0.55  # cosine under which an off-topic subject is not the one asked for
# How near the best a unit about whom a follow-up names must be to come before it: before what
# was just said or a definition, before a unit about everybody.
SAID_AGAIN, ABOUT_ALL = 0.6, 0.85
WHOLE_SHARE = 0.5  # what the whole question weighs beside one of its parts
IMPORTED_COVERAGE = 0.8  # share of the question found in one imported passage
IMPORTED_WORDS = 2  # informative words under which coverage says nothing
PART_CONFIDENCE = 0.6  # how sure a part of a question must be of its own unit


@dataclass(frozen=True)
class Answerer:
    """Answers questions from one index. Build it with ``bootstrap``."""

    index: Index
    searcher: Searcher
    imported: Searcher
    recognizer: Recognizer
    texts: Texts
    model: AbstentionModel
    documents: tuple[SourceDocument, ...]
    english: Mapping[str, str]
    max_question: int = 2_000

    @property
    def manners(self) -> Manners:
        """The phrases of courtesy, follow-ups and counts."""
        return self.recognizer.manners

    def answer(
        self, question: str, *, actor: str | None = None, history: Sequence[Turn] = ()
    ) -> Reply:
        """Answer ``question`` after ``history`` (oldest first), or refuse.

        Raises ``CallerError`` for an empty question or an unknown actor, ``TooLarge`` for one
        of more than ``max_question`` characters.
        """
        question = cleaned(question)
        if not question:
            raise CallerError("question_vide")
        if len(question) > self.max_question:
            raise TooLarge(limite=self.max_question)
        if actor is not None and actor not in ACTORS:
            raise CallerError("acteur_inconnu", acteur=cleaned(actor)[:40])
        intention = self.recognizer.intention(question)
        if intention is not None:
            return self._mannerly(intention, history)
        if self.recognizer.is_courtesy(question):
            return self._mannerly(self._intention_called("salutation"), history)
        previous = history[-1] if history else None
        need = need_of(question, self.manners.suites)
        if need is not Need.NOTHING:
            if previous is None or not previous.units:
                if need is not Need.AGAIN:
                    return self._plain(self.texts.say("reponses", "sans_contexte"), Status.REFUSED,
                                       Reason.NOT_IN_CORPUS)  # fmt: skip
            else:
                return self._follow_up(question, need, previous, actor or previous.actor)
        return self._fresh(question, actor)

    def passages(
        self, question: str, *, actor: str | None = None, k: int = 5
    ) -> list[dict[str, Any]]:
        """Ranked passages for ``question``: each with its score, title, source and exact text."""
        titles = self._titles()
        query, hits = self.searcher.search(cleaned(question), actor=actor, k=k + CANDIDATES)
        if self.imported.shelf.units:
            hits = [*hits, *self.imported.rank(query, k=k)]
            hits.sort(key=lambda hit: -hit.signals.score)
        found = [
            _published(hit, passage, titles) for hit in hits for passage in hit.unit.passages()
        ]
        return found[:k]

    def evidence(
        self, question: str, *, actor: str | None = None
    ) -> tuple[Query, list[Hit], Evidence]:
        """What the abstention model reads for ``question``; used by calibration too.

        A question after a preamble (« Je gère une épicerie solidaire. … ? ») is read with and
        without it, and the reading that finds more is kept.
        """
        whole = self._reading(question, actor)
        bare = without_preamble(question)
        if bare == question:
            return whole
        asking = self._reading(bare, actor or whole[0].actor)
        sure = self.model.confidence
        return whole if sure(whole[2]) >= sure(asking[2]) else asking

    def _reading(self, question: str, actor: str | None) -> tuple[Query, list[Hit], Evidence]:
        query, hits = self.searcher.search(question, actor=actor, k=CANDIDATES)
        return query, hits, self._evidence(question, query, hits)

    def _evidence(self, question: str, query: Query, hits: Sequence[Hit]) -> Evidence:
        attributes = self.manners.attributs
        return evidence_for(question, query, hits, self.searcher.shelf, attributes=attributes)

    def _fresh(self, question: str, actor: str | None, *, shown: str | None = None) -> Reply:
        counted = wrong_count(question, self.manners.comptes)
        if counted is not None:
            return self._refuse_count(question, counted[0].nom, counted[0].nombre, counted[1])
        foreign = is_english(question)
        asked = translated(question, self.english) if foreign else question
        query, hits, evidence = self.evidence(asked, actor=actor)
        hits_answering = [hit for hit in hits if hit.unit.kind is not UnitKind.OFF_TOPIC]
        if not hits_answering or not self.model.answers(evidence):
            return self._from_imports(query, hits, asked)
        if presumes(asked, hits_answering[0].unit, self.manners.affirmations):
            return self._refuse_premise(hits_answering)
        units = self._units_for(asked, query, hits_answering, actor)
        reply = self._compose(units, asked, hits_answering, shown=shown)
        if foreign:
            note = self.texts.say("reponses", "en_anglais")
            return replace(reply, answer=f"{note}\n\n{reply.answer}")
        return reply

    def _from_imports(self, query: Query, hits: Sequence[Hit], question: str) -> Reply:
        """Answer from the imported documents when they hold nearly every word of the question."""
        found = self.imported.rank(query, k=CANDIDATES) if self.imported.shelf.units else []
        enough = [hit for hit in found if hit.signals.coverage >= IMPORTED_COVERAGE]
        if len(query.words) < IMPORTED_WORDS or not enough:
            return self._refuse(query, hits)
        reply = self._compose([hit.unit for hit in enough[:2]], question, enough)
        return replace(reply, suggestions=self._openers(()))

    def _units_for(
        self, question: str, query: Query, hits: Sequence[Hit], actor: str | None
    ) -> list[Unit]:
        """The units to answer from: the best, those of other parts, some of close seconds."""
        best = hits[0]
        units = list(dict.fromkeys([best.unit, *self._units_of_parts(question, query, actor)]))
        if len(units) == 1:
            units += [hit.unit for hit in hits[1:3] if is_close(hit, best)]
        return units[:4]

    def _units_of_parts(self, question: str, query: Query, actor: str | None) -> list[Unit]:
        """The unit of each part of a question that asks several things, the whole in mind."""
        parts = parts_of(question)
        if len(parts) < 2:
            return []
        whole = self.searcher.fused(query, self.searcher.signals(query))
        numbers = self.searcher.shelf.numbers
        units = []
        for part in parts:
            read, found, evidence = self._reading(part, actor or query.actor)
            if len(read.words) < 2 or self.model.confidence(evidence) < PART_CONFIDENCE:
                continue
            best = max(
                (hit for hit in found if hit.unit.kind is not UnitKind.OFF_TOPIC),
                key=lambda hit: hit.signals.score + WHOLE_SHARE * whole[numbers[hit.unit.id]],
            )
            units.append(best.unit)
        return units

    def _compose(
        self,
        units: Sequence[Unit],
        question: str,
        hits: Sequence[Hit],
        *,
        shown: str | None = None,
    ) -> Reply:
        composition = compose(units, question=question, titles=self._titles(), budget=BUDGET)
        unit = units[0]
        return Reply(
            status=Status.ANSWERED,
            answer=composition.text,
            citations=composition.citations,
            suggestions=self._suggestions(unit, [hit.unit for hit in hits], question),
            step=unit.step,
            units=tuple(unit.id for unit in units),
            resolved=shown,
        )

    def _suggestions(self, unit: Unit, found: Sequence[Unit], question: str) -> tuple[str, ...]:
        linked = [self.index.unit(unit_id) for unit_id in unit.see_also]
        suggestions: list[str] = []
        for candidate in [*(u for u in linked if u is not None), *found[1:]]:
            if candidate.id == unit.id or candidate.kind is UnitKind.OFF_TOPIC:
                continue
            asked = well_formed_question(candidate)
            if asked and asked not in suggestions and flat(asked) != flat(question):
                suggestions.append(asked)
        return tuple(suggestions[:SUGGESTIONS])

    def _follow_up(self, message: str, need: Need, previous: Turn, actor: str | None) -> Reply:
        units = [u for u in map(self.index.unit, previous.units) if u is not None]
        if not units:
            return self._fresh(message, actor)
        if need is Need.PAGE:
            return self._page_of(units[0])
        if need is Need.MORE:
            return self._more(message, units, previous)
        if need is Need.EXAMPLE:
            return self._example(message, units, previous, actor)
        asked = resolved(message, previous)
        named = self.searcher.reader.read(message).actor
        query, hits = self.searcher.search(
            asked,
            actor=named or actor,
            context=Context(previous.units, units[0].step),
            k=CANDIDATES,
        )
        answering = [hit for hit in hits if hit.unit.kind is not UnitKind.OFF_TOPIC]
        evidence = self._evidence(asked, query, hits)
        if not answering or not self.model.answers(evidence):
            return self._refuse(query, hits)
        first = answering[0]
        if named and named not in first.unit.actors:
            said = first.unit.id in previous.units or first.unit.kind is UnitKind.TERM
            floor = (SAID_AGAIN if said else ABOUT_ALL) * first.signals.score
            answering.sort(
                key=lambda hit: named not in hit.unit.actors or hit.signals.score <= floor
            )
        return self._compose([answering[0].unit], asked, answering, shown=asked)

    def _page_of(self, unit: Unit) -> Reply:
        titles = self._titles()
        reference = unit.references[0]
        name = titles.get(reference.document, reference.document)
        key = "page" if reference.page else "section"
        text = self.texts.say(
            "reponses", key, page=reference.page, document=name, section=reference.section
        )
        passage = unit.passages()[0]
        citation = Citation(
            "S1", unit.title, name, reference.page, reference.section, passage.text, unit.url
        )
        return Reply(
            status=Status.ANSWERED,
            answer=f"{text} [S1]",
            citations=(citation,),
            suggestions=self._suggestions(unit, (), ""),
            step=unit.step,
            units=(unit.id,),
        )

    def _more(self, message: str, units: Sequence[Unit], previous: Turn) -> Reply:
        linked = [self.index.unit(unit_id) for unit_id in units[0].see_also]
        others = [u for u in linked if u is not None and u.id not in previous.units]
        return self._compose([units[0], *others[:2]], f"{previous.question} {message}", ())

    def _example(
        self, message: str, units: Sequence[Unit], previous: Turn, actor: str | None
    ) -> Reply:
        asked = f"exemple {previous.question} {units[0].title}"
        query, hits = self.searcher.search(asked, actor=actor, k=60)
        examples = [hit for hit in hits if hit.unit.kind is UnitKind.EXAMPLE]
        if not examples:
            return self._refuse(query, hits)
        found = [hit.unit for hit in examples[:2]]
        return self._compose(found, message, examples, shown=asked)

    def _mannerly(self, intention: Intention, history: Sequence[Turn]) -> Reply:
        refused = intention.refus is not None
        suggestions = () if refused else self._openers(history)
        return Reply(
            status=Status.REFUSED if refused else Status.ANSWERED,
            answer=self.texts.typeset(intention.reponse),
            suggestions=suggestions,
            reason=Reason.UNSAFE if refused else None,
            units=history[-1].units if history and not refused else (),
        )

    def _openers(self, history: Sequence[Turn]) -> tuple[str, ...]:
        if history and history[-1].units:
            unit = self.index.unit(history[-1].units[0])
            if unit is not None:
                return self._suggestions(unit, (), history[-1].question)
        return tuple(self.texts.listing("accueil", "questions"))[:SUGGESTIONS]

    def _intention_called(self, name: str) -> Intention:
        return next(i for i in self.manners.intentions if i.id == name)

    def _refuse(self, query: Query, hits: Sequence[Hit]) -> Reply:
        topic = hits[0].unit if hits and hits[0].unit.kind is UnitKind.OFF_TOPIC else None
        found = [
            hit for hit in hits if hit.unit.kind not in {UnitKind.OFF_TOPIC, UnitKind.IMPORTED}
        ]
        near = [hit.unit for hit in found if hit.signals.score >= RELATED_SCORE]
        if topic is not None and hits[0].signals.dense_question >= NAMED_SUBJECT:
            linked = [u for u in map(self.index.unit, topic.see_also) if u is not None]
            text = self.texts.say("refus", "hors_champ", sujet=topic.title, reponse=topic.text)
            elsewhere = topic.nature == "ailleurs"
            reason = Reason.OUT_OF_SCOPE if elsewhere else Reason.NOT_IN_CORPUS
            near = [] if elsewhere else list(dict.fromkeys([*linked, *near]))
        elif not near or not query.words:
            text, reason = self.texts.say("refus", "out_of_scope"), Reason.OUT_OF_SCOPE
        else:
            text = " ".join(self.texts.say("refus", k) for k in ("not_in_corpus", "ou_chercher"))
            reason = Reason.NOT_IN_CORPUS
        return self._refusal(text, reason, near)

    def _refuse_count(self, question: str, name: str, number: int, said: str) -> Reply:
        _, hits = self.searcher.search(question, k=CANDIDATES)
        text = self.texts.say("refus", "compte", nombre=number, nom=name, dit=said)
        text = f"{self.texts.say('refus', 'not_grounded')} {text}"
        return self._refusal(text, Reason.NOT_GROUNDED, _answerable(hits))

    def _refuse_premise(self, hits: Sequence[Hit]) -> Reply:
        text = " ".join(self.texts.say("refus", k) for k in ("not_grounded", "ou_chercher"))
        return self._refusal(text, Reason.NOT_GROUNDED, _answerable(hits))

    @staticmethod
    def _refusal(text: str, reason: Reason, near: Sequence[Unit]) -> Reply:
        near = near[:RELATED]
        return Reply(
            status=Status.REFUSED,
            answer=text,
            suggestions=tuple(q for q in map(well_formed_question, near) if q),
            reason=reason,
            related=tuple(Related(unit.title, unit.url) for unit in near),
        )

    @staticmethod
    def _plain(text: str, status: Status, reason: Reason | None) -> Reply:
        return Reply(status=status, answer=text, reason=reason)

    def _titles(self) -> dict[str, str]:
        return {document.id: document.titre for document in self.documents}


def cleaned(question: str) -> str:
    """``question`` without control characters and surrounding spaces, on one line."""
    visible = "".join(c if c.isprintable() else " " for c in question)
    return " ".join(visible.split())


def well_formed_question(unit: Unit) -> str | None:
    """The first authored question fit to be shown: a capital, a question mark, some length."""
    for question in unit.questions:
        if question[0].isupper() and question.endswith("?") and len(question) <= 110:
            return question
    return None


def _published(hit: Hit, passage: Passage, titles: Mapping[str, str]) -> dict[str, Any]:
    reference = passage.reference
    return {
        "id": passage.id,
        "title": hit.unit.title,
        "document": titles.get(reference.document, reference.document),
        "page": reference.page,
        "section": reference.section,
        "passage": passage.text,
        "url": hit.unit.url,
        "score": round(hit.signals.score, 4),
    }


def _answerable(hits: Sequence[Hit]) -> list[Unit]:
    return [hit.unit for hit in hits if hit.unit.kind is not UnitKind.OFF_TOPIC]
