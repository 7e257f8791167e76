"""Shape case files for templates: no I/O, no words of its own."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from assistant.casefile.source import Source, parse_source
from assistant.coaching import reply as said
from assistant.coaching.agenda import Progress, standing
from assistant.coaching.dossier import Dossier
from assistant.coaching.events import (
    Answered,
    ClauseEdited,
    Commented,
    Confirmed,
    Dismissed,
    Hidden,
    MarkedReady,
    Moved,
    Noted,
    Proposed,
    ReadByModel,
    Recorded,
    Reopened,
    Shared,
    Skipped,
    Unknown,
    Versioned,
)
from assistant.coaching.forms import Form, fields_of
from assistant.coaching.method import Question, Step
from assistant.coaching.recommendation.recommend import Recommendation, Remark
from assistant.coaching.sides import SIDES, is_own, visible
from assistant.coaching.state import Answer, Exchange, undone
from assistant.coaching.turn import Coach
from assistant.coaching.workspace import View
from web.dossier_values import (
    DossierHead,
    DossierLine,
    ExchangeView,
    HistoryLine,
    KnownLine,
    PartView,
    QuestionView,
    ReasonView,
    RecommendationView,
    SourceView,
    StepView,
    TwoReadingsView,
)
from web.prose import parse


class Shaper:
    """Turns the values of the coach into those of the pages."""

    def __init__(
        self,
        coach: Coach,
        short_titles: Mapping[str, str],
    ) -> None:
        self.method = coach.method
        self.display = coach.display
        self._wording = coach.wording
        self._texts = coach.texts
        self._short_titles = short_titles

    def source(self, source: Source | str) -> SourceView:
        """A source in words."""
        given = parse_source(source) if isinstance(source, str) else source
        title = self._short_titles.get(given.document)
        text = given.reference or title or self._texts.say("origines", given.document)
        url = f"/sources#{given.document}" if title else None
        return SourceView(text, given.page, url, given.verify)

    def head(self, view: View) -> DossierHead:
        """The head of every page."""
        asked = view.question
        current = asked.etape if asked else view.table.side.step
        return DossierHead(
            id=view.dossier.id,
            title=view.dossier.title,
            side=view.dossier.side,
            mine=view.dossier.mine,
            archived=view.dossier.archived,
            revision=view.state.seq,
            steps=tuple(self.step(self.method.step(p.step), p) for p in view.progress),
            current=current,
        )

    def step(self, step: Step, progress: Progress) -> StepView:
        """A station."""
        status = "fait" if progress.done else "a_confirmer" if progress.to_confirm else ""
        return StepView(
            number=step.numero,
            title=step.titre,
            short=step.titre_court,
            brief=step.en_bref,
            pages=step.pages,
            status=status or ("commence" if progress.begun else "a_faire"),
            answered=progress.answered + progress.unknown,
            total=progress.total,
            to_confirm=progress.to_confirm,
        )

    def line(self, slot: str, answer: Answer) -> KnownLine:
        """An answer in words."""
        asked = self.asking(slot)
        because = self.display.label(answer.because) if answer.because else ""
        return KnownLine(
            slot=slot,
            label=self.display.label(slot),
            value=self.display.value(slot, answer.value),
            words=answer.words or "",
            side=answer.side,
            at=answer.at,
            question=asked.id if asked else None,
            step=asked.etape if asked else None,
            status=answer.status,
            because=because,
            author=answer.author,
        )

    def lines(self, answers: Mapping[str, Answer]) -> tuple[KnownLine, ...]:
        """Answers in the order of the method."""
        made = [self.line(slot, answer) for slot, answer in answers.items()]
        return tuple(sorted(made, key=lambda line: (line.question or "Z", line.slot)))

    def proposals(self, view: View) -> tuple[KnownLine, ...]:
        """What waits for a yes or a no."""
        return tuple(
            KnownLine(
                slot=p.slot,
                label=self.display.label(p.slot),
                value=self.display.value(p.slot, p.value),
                words=p.words,
                side=view.side,
                at=None,
                question=(asked.id if (asked := self.asking(p.slot)) else None),
                step=None,
                status="lu_par_modele" if p.modelled else "propose",
                because="",
            )
            for p in view.table.side.proposals
            if p.other is None
        )

    def readings(self, view: View) -> tuple[TwoReadingsView, ...]:
        """What waits for a choice between two readings."""
        return tuple(
            TwoReadingsView(
                self._said(p.slot, p.other.value, p.other.words),
                self._said(p.slot, p.value, p.words),
                asked.id if (asked := self.asking(p.slot)) else None,
            )
            for p in view.table.side.proposals
            if p.other is not None
        )

    def _said(self, slot: str, value: object, words: str) -> said.Line:
        return said.Line(
            slot=slot,
            label=self.display.label_of(slot),
            value=self.display.value(slot, value),
            words=words,
        )

    def question(
        self, question: Question, view: View, *, typed: Form | None = None
    ) -> QuestionView:
        """A question with its inputs, filled with what is known or what was just ``typed``."""
        facts = view.table.facts
        actor = facts.acteur_type
        fields = fields_of(question, facts, self.display, typed=typed)
        return QuestionView(
            id=question.id,
            step=question.etape,
            text=question.text(actor),
            help=question.aide,
            why=question.pourquoi.texte,
            sources=tuple(self.source(s) for s in question.pourquoi.sources),
            card=f"/fiches/{question.fiche}",
            ask_guide=question.question_guide,
            fields=fields,
            status=standing(question, view.table),
            note=view.table.side.notes.get(question.id, ""),
            simple=len(fields) == 1 and fields[0].input in ("choix", "oui_non", "echelle"),
        )

    def exchange(self, exchange: Exchange) -> ExchangeView:
        """One turn of the conversation."""
        parts = tuple(p for part in exchange.reply for p in self._part(part))
        return ExchangeView(exchange.seq, exchange.at, exchange.text, parts)

    def _part(self, part: said.Part) -> Iterable[PartView]:
        match part:
            case said.Understood() | said.Offered() | said.ReadByModel() | said.Summary():
                yield PartView(part.kind, lines=part.lines)
            case said.TwoReadings():
                yield PartView(part.kind, ours=part.ours, theirs=part.theirs)
            case said.Corrected() | said.Explained():
                sources = tuple(self.source(s) for s in part.sources)
                words = part.words if isinstance(part, said.Corrected) else ""
                yield PartView(part.kind, text=part.text, sources=sources, words=words)
            case said.Notice():
                yield PartView(part.kind, text=part.text)
            case said.FromGuide():
                yield PartView(
                    part.kind,
                    nodes=parse(part.answer),
                    citations=part.citations,
                    refused=part.status == "refused",
                )
            case said.Advised() if part.contrat:
                yield PartView(part.kind, text=self.name(part.contrat) or "")

    def recommendation(self, found: Recommendation) -> RecommendationView:
        """The recommendation in words."""
        return RecommendationView(
            decided=found.contrat is not None,
            category=self.name(found.categorie),
            category_slug=found.categorie,
            model=self.name(found.modele),
            contract=self.name(found.contrat),
            contract_slug=found.contrat,
            confidence=found.confidence,
            annexes=tuple(self.name(slug) or slug for slug in found.annexes),
            documents=tuple(self.name(slug) or slug for slug in found.documents),
            reasons=tuple(
                ReasonView(
                    self._texts.typeset(reason.text),
                    tuple(map(self.source, reason.sources)),
                    tuple(self.display.label(slot) for slot in reason.slots),
                )
                for reason in found.reasons
            ),
            rejected=tuple(
                (self.name(r.option) or r.option, self._texts.typeset(r.why))
                for r in found.rejected
            ),
            missing=tuple((self.display.label(s), self._question_id(s)) for s in found.missing),
            alerts=tuple(map(self._remark, found.alerts)),
            next_steps=tuple(map(self._remark, found.next_steps)),
            options=tuple(self._texts.typeset(option.text) for option in found.options),
        )

    def name(self, slug: str | None) -> str | None:
        """A category, a model, a contract or an annex in words."""
        return self._texts.typeset(self._wording.libelles.get(slug, slug)) if slug else None

    def _remark(self, remark: Remark) -> ReasonView:
        sources = tuple(map(self.source, remark.sources))
        return ReasonView(self._texts.typeset(remark.text), sources)

    def _question_id(self, slot: str) -> str:
        asked = self.asking(slot)
        return asked.id if asked else ""

    def answers_over_time(self, view: View, question: Question) -> tuple[KnownLine, ...]:
        """Every value this side gave to a question, latest first, those taken back left out."""
        gone = undone(view.history)
        found = []
        for item in reversed(view.history):
            if item.side != view.side or item.seq in gone or not isinstance(item.event, Answered):
                continue
            for slot, value in item.event.values.items():
                if slot in question.slots:
                    answer = Answer(value, item.side, item.author, item.at, item.seq)
                    found.append(self.line(slot, answer))
        return tuple(found)

    def given_by_others(self, view: View, question: Question) -> tuple[KnownLine, ...]:
        """What the other sides answered to a question, as far as this one may see it."""
        found = []
        for side in SIDES:
            if side == view.side:
                continue
            held = view.state.of(side)
            for slot in visible(held.answers, held.shared):
                if slot in question.slots and not is_own(slot):
                    answer = replace(held.answers[slot], words=None, because=None)
                    found.append(self.line(slot, answer))
        return tuple(found)

    def clashes(self, view: View, question: Question) -> tuple[tuple[KnownLine, KnownLine], ...]:
        """Answers of which another page proposes another value: what is held, what was sent."""
        held = view.table.side.answers
        return tuple(
            (self.line(p.slot, held[p.slot]), p)
            for p in self.proposals(view)
            if p.slot in question.slots and p.slot in held
        )

    def history(self, view: View) -> tuple[HistoryLine, ...]:
        """What this side did, latest first."""
        gone = undone(view.history)
        return tuple(
            self._happened(item, gone=item.seq in gone)
            for item in reversed(view.history)
            if item.side == view.side and item.event.kind not in ("talked", "undone")
        )

    def _happened(self, item: Recorded, *, gone: bool) -> HistoryLine:
        event = item.event
        lines: tuple[said.Line, ...] = ()
        text = ""
        match event:
            case Answered() | Proposed() | ReadByModel():
                lines = tuple(
                    self._said(slot, value, event.words.get(slot, ""))
                    for slot, value in event.values.items()
                )
            case Confirmed() | Dismissed() | Shared() | Hidden():
                text = ", ".join(self.display.label(slot) for slot in event.slots)
            case Unknown() | Skipped() | Noted():
                text = (
                    self.method.by_id[event.question].text()
                    if (event.question in self.method.by_id)
                    else event.question
                )
            case Moved():
                text = str(event.step or "")
            case ClauseEdited() | Versioned() | MarkedReady() | Reopened() | Commented():
                text = self.name(event.document) or ""
        return HistoryLine(item.seq, item.at, event.kind, lines, text, gone)

    def asking(self, slot: str) -> Question | None:
        """The question that fills a slot, or what holds it; None when nothing asks for it."""
        for name in (slot, *_parents(slot)):
            asked = self.method.by_slot.get(name)
            if asked:
                return asked[0]
        return None


def dossier_line(dossier: Dossier) -> DossierLine:
    """A case file in the list."""
    return DossierLine(dossier.id, dossier.title, dossier.updated_at, dossier.mine, dossier.author)


def _parents(slot: str) -> Iterable[str]:
    while "." in slot:
        slot = slot.rpartition(".")[0]
        yield slot
