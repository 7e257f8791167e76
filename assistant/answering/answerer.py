"""``Answerer.answer``: the one way from a message to a reply.

Courtesy and refused requests first, then follow-ups, then search, abstention and composition.
Everything is a function of the message, the conversation and the index: the same question
gives the same bytes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from assistant.answering.abstention import AbstentionModel, presumes
from assistant.answering.composition import BUDGET, compose
from assistant.answering.evidence import Evidence, Reference, evidence_for
from assistant.answering.followup import Need, Turn, need_of, resolved, stands_alone
from assistant.answering.gaps import Gap, gap_of
from assistant.answering.manners import (
    Intention,
    Manners,
    Recognizer,
    is_english,
    translated,
    wrong_count,
)
from assistant.answering.reading import is_close, parts_of, without_preamble
from assistant.answering.refusals import Refusals, answerable
from assistant.answering.reply import Citation, Reason, Reply, Status
from assistant.answering.suggestions import SUGGESTIONS, suggestions
from assistant.errors import CallerError, TooLarge
from assistant.knowledge.content import SourceDocument
from assistant.knowledge.generation import Index
from assistant.knowledge.query import Query
from assistant.knowledge.search import Context, Hit, Searcher
from assistant.knowledge.unit import Passage, Unit, UnitKind
from assistant.texts import Texts

ACTORS = ("association", "entreprise", "collectivite")
CANDIDATES = 12
# How near the best a unit about whom a follow-up names must be to come before it: before what
# was just said or a definition, before a unit about everybody.
SAID_AGAIN, ABOUT_ALL = 0.6, 0.85
WHOLE_SHARE = 0.5  # what the whole question weighs beside one of its parts
IMPORTED_COVERAGE = 0.8  # share of the question found in one imported passage
IMPORTED_AHEAD = 0.2  # how much more an imported passage must hold than the card that answers
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
                if need is not Need.AGAIN or not stands_alone(question):
                    return self.refusals.without_context()
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
        self, question: str, *, actor: str | None = None, known: bool = False
    ) -> tuple[Query, list[Hit], Evidence]:
        """What the abstention model reads for ``question``; used by calibration too.

        A question after a preamble (« Je gère une épicerie solidaire. … ? ») is read with and
        without it, and the reading that finds more is kept. ``known`` says that it is one of the
        asked questions, not to be compared with itself.
        """
        reference = replace(self.reference, known=True) if known else self.reference
        whole = self._reading(question, actor, reference)
        bare = without_preamble(question)
        if bare == question:
            return whole
        asking = self._reading(bare, actor or whole[0].actor, reference)
        sure = self.model.confidence
        return whole if sure(whole[2]) >= sure(asking[2]) else asking

    @cached_property
    def reference(self) -> Reference:
        """What evidence compares questions with."""
        return Reference(self.searcher.shelf, self.manners.attributs, self.index.asked)

    def _reading(
        self, question: str, actor: str | None, reference: Reference | None = None
    ) -> tuple[Query, list[Hit], Evidence]:
        query, hits = self.searcher.search(question, actor=actor, k=CANDIDATES)
        return query, hits, self._evidence(question, query, hits, reference)

    def _evidence(
        self,
        question: str,
        query: Query,
        hits: Sequence[Hit],
        reference: Reference | None = None,
    ) -> Evidence:
        vector = self.searcher.embedder.embed_queries([query.text])
        return evidence_for(question, query, hits, vector, reference or self.reference)

    def _fresh(self, question: str, actor: str | None, *, shown: str | None = None) -> Reply:
        counted = wrong_count(question, self.manners.comptes)
        if counted is not None:
            _, hits = self.searcher.search(question, k=CANDIDATES)
            return self.refusals.wrong_count(*counted, hits)
        foreign = is_english(question)
        asked = translated(question, self.english) if foreign else question
        query, hits, evidence = self.evidence(asked, actor=actor)
        hits_answering = answerable(hits)
        sure = bool(hits_answering) and self.model.answers(evidence)
        imported = self._from_imports(query, asked, hits_answering[0] if sure else None)
        if imported is not None:
            return imported
        told = sure or hits[:1] == hits_answering[:1]
        if told and self._presumes(asked, hits_answering):
            return self.refusals.premise(hits_answering)
        if not sure:
            return self.refusals.not_found(query, hits, self._gap(query, hits_answering))
        units = self._units_for(asked, query, hits_answering, actor)
        reply = self._compose(units, asked, hits_answering, shown=shown)
        if foreign:
            note = self.texts.say("reponses", "en_anglais")
            return replace(reply, answer=f"{note}\n\n{reply.answer}")
        return reply

    def _gap(self, query: Query, hits: Sequence[Hit]) -> Gap | None:
        vector = self.searcher.embedder.embed_queries([query.text])
        return gap_of(hits, vector, self.index.asked, self.manners.aveux)

    def _presumes(self, question: str, hits: Sequence[Hit]) -> bool:
        return bool(hits) and presumes(question, hits[0].unit, self.manners.affirmations)

    def _from_imports(self, query: Query, question: str, best: Hit | None) -> Reply | None:
        """The answer of the imported documents, when they hold nearly all that is asked.

        ``best`` is the card that answers too, if one does: it stays first unless a passage
        holds clearly more of the question.
        """
        if not self.imported.shelf.units or len(query.words) < IMPORTED_WORDS:
            return None
        floor = IMPORTED_COVERAGE
        if best is not None:
            floor = max(floor, best.signals.coverage + IMPORTED_AHEAD)
        found = [
            hit for hit in self.imported.rank(query, k=CANDIDATES) if hit.signals.coverage >= floor
        ]
        if not found:
            return None
        reply = self._compose([hit.unit for hit in found[:2]], question, found)
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
                answerable(found),
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
            suggestions=suggestions(
                self.index, unit, [hit.unit for hit in hits], question=question
            ),
            step=unit.step,
            units=tuple(unit.id for unit in units),
            resolved=shown,
        )

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
        answering = answerable(hits)
        evidence = self._evidence(asked, query, hits)
        if not answering or not self.model.answers(evidence):
            return self.refusals.not_found(query, hits, self._gap(query, answering))
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
            suggestions=suggestions(self.index, unit),
            step=unit.step,
            units=(unit.id,),
            fixed=True,
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
            return self.refusals.not_found(query, hits)
        found = [hit.unit for hit in examples[:2]]
        return self._compose(found, message, examples, shown=asked)

    def _mannerly(self, intention: Intention, history: Sequence[Turn]) -> Reply:
        refused = intention.refus is not None
        return Reply(
            status=Status.REFUSED if refused else Status.ANSWERED,
            answer=self.texts.typeset(intention.reponse),
            suggestions=() if refused else self._openers(history),
            reason=Reason.UNSAFE if refused else None,
            units=history[-1].units if history and not refused else (),
        )

    def _openers(self, history: Sequence[Turn]) -> tuple[str, ...]:
        if history and history[-1].units:
            unit = self.index.unit(history[-1].units[0])
            if unit is not None:
                return suggestions(self.index, unit, question=history[-1].question)
        return tuple(self.texts.listing("accueil", "questions"))[:SUGGESTIONS]

    def _intention_called(self, name: str) -> Intention:
        return next(i for i in self.manners.intentions if i.id == name)

    @cached_property
    def refusals(self) -> Refusals:
        """What words the refusals."""
        return Refusals(self.index, self.texts)

    def _titles(self) -> dict[str, str]:
        return {document.id: document.titre for document in self.documents}


def cleaned(question: str) -> str:
    """``question`` without control characters and surrounding spaces, on one line."""
    visible = "".join(c if c.isprintable() else " " for c in question)
    return " ".join(visible.split())


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
