"""A case file's documents: written from what is known, as people left them, at any moment."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.casefile.facts import Facts
from assistant.casefile.provenance import Origin
from assistant.coaching import events as ev
from assistant.coaching.entry import facts_of
from assistant.coaching.manuscript import Manuscript
from assistant.coaching.method import Method
from assistant.coaching.sides import SIDES, Side, is_own, visible
from assistant.coaching.state import Answer, State, fold, merged
from assistant.drafting.documents.document import DocumentConvention
from assistant.drafting.documents.nodes import Position, text_of
from assistant.drafting.documents.writing import Edits
from assistant.drafting.office import Checked, Office
from assistant.drafting.rules.rule import Severity
from assistant.drafting.seating import TABLE, Seat, seated
from assistant.errors import CallerError

EXTRA = ("plan_action", "grille_evaluation")
NAME, TYPE = "acteur_nom", "acteur_type"  # what a side says it is; every side sees it
PARTIES = "parties"


class NotReady(CallerError):
    """A document that may not be held ready to sign: something blocks, or something is missing."""

    code = "document_pas_pret"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One document of a case file as it stands; ``facts`` are those it was written from.

    ``obstacles`` are ids of rules and slots; ``changed`` says that something was answered since
    the document was held ready.
    """

    document: DocumentConvention
    checked: Checked
    manuscript: Manuscript
    facts: Facts
    ready: bool
    obstacles: tuple[str, ...]
    changed: bool = False


class Desk:
    """Writes the documents of a case file for one side; pure."""

    def __init__(self, office: Office, method: Method) -> None:
        self.office = office
        self._method = method

    def names(self, facts: Facts) -> tuple[str, ...]:
        """The documents of a case: the agreements it leads to, the plan and the grid."""
        found = (*self.office.documents_of(facts), *EXTRA)
        return tuple(n for n in dict.fromkeys(found) if n in self.office.library.documents)

    def sheet(self, state: State, viewer: Side, name: str, *, today: date) -> Sheet:
        """One document now; raises ``UnknownDocument``."""
        known = merged(state, viewer)
        facts, origins = self._seated(state, viewer, name)
        manuscript = state.documents.get(name, Manuscript())
        document = self._written(state, viewer, name, edits_of(manuscript), today=today)
        checked = self._checked(document, facts, manuscript, origins, today=today)
        obstacles = tuple(dict.fromkeys((*obstacles_of(checked), *gaps_of(document))))
        held = manuscript.ready
        ready = held is not None and not obstacles
        return Sheet(
            document=document.model_copy(update={"projet": not ready}),
            checked=checked,
            manuscript=manuscript,
            facts=facts,
            ready=ready,
            obstacles=obstacles,
            changed=held is not None and any(a.seq > held.seq for a in known.values()),
        )

    def _checked(
        self,
        document: DocumentConvention,
        facts: Facts,
        manuscript: Manuscript,
        origins: Mapping[str, Origin],
        *,
        today: date,
    ) -> Checked:
        name = document.type_document
        contract = self.office.agreement(name)
        checked = self.office.check(
            facts,
            today=today,
            contract=contract,
            document=name,
            removed=manuscript.removed,
            origins=origins,
            notice=bool(document.avertissement),
        )
        if contract is not None:
            return checked
        # a plan is not held up by what is wrong in the agreement beside it
        codes = {article.code for article in document.articles}
        return replace(checked, issues=tuple(i for i in checked.issues if i.article in codes))

    def _written(
        self, state: State, viewer: Side, name: str, edits: Edits, *, today: date
    ) -> DocumentConvention:
        facts, origins = self._seated(state, viewer, name)
        return self.office.write(
            facts,
            name,
            today=today,
            origins=origins,
            negotiations=self.negotiations(state, viewer),
            edits=edits,
        )

    @staticmethod
    def _seated(state: State, viewer: Side, name: str) -> tuple[Facts, Mapping[str, Origin]]:
        """The facts of a document and their origins, its parties named as sides call themselves.

        Of another side, only what every side sees; the name that ``viewer`` gave its partner
        stands until that partner says its own.
        """
        known = merged(state, viewer)
        facts, origins = facts_of(known), _origins(known)
        if facts.parties is not None:
            return facts, origins
        named = _named(state, viewer)
        seats = [
            Seat(called.value if called else None, kind.value if kind else None)
            for called, kind in named
        ]
        made = seated(facts, name, seats)
        if made.parties is not None:
            for place, pair in enumerate(named):
                for answer in filter(None, pair):
                    origins |= {PARTIES: _origin(answer), f"{PARTIES}.{place}": _origin(answer)}
        return made, origins

    def offered(
        self, state: State, viewer: Side, name: str, clauses: Iterable[str], *, today: date
    ) -> Mapping[str, str]:
        """What optional clauses that are left out would say, by id."""
        wanted = frozenset(clauses)
        if not wanted:
            return {}
        edits = edits_of(state.documents.get(name, Manuscript()))
        tried = replace(edits, added=edits.added | wanted, removed=edits.removed - wanted)
        document = self._written(state, viewer, name, tried, today=today)
        return clause_texts(document, wanted)

    def negotiations(self, state: State, viewer: Side) -> Mapping[str, tuple[Position, ...]]:
        """Each side's position, in words, on what is still to be negotiated."""
        shown = self.office.display
        found = {}
        for slot, answers in _given(state, viewer).items():
            texts = [shown.value(slot, answer.value) for answer in answers]
            if len(set(texts)) > 1:
                found[slot] = tuple(
                    Position(partie=self._called(state, answer), texte=text)
                    for answer, text in zip(answers, texts, strict=True)
                )
        return found

    def _called(self, state: State, answer: Answer) -> str:
        name = state.of(answer.side).answers.get(NAME)
        if name is not None:
            return str(name.value)
        return answer.author or self.office.library.textes.get(f"cote_{answer.side}", answer.side)

    def make_ready(self, sheet: Sheet) -> ev.MarkedReady:
        """The event that holds a document ready; raises ``NotReady`` with what stands in the way.

        Conditions are checked on the day: thresholds are dated.
        """
        if sheet.obstacles:
            raise NotReady(obstacles=len(sheet.obstacles))
        return ev.MarkedReady(document=sheet.document.type_document)

    def at(
        self, history: Sequence[ev.Recorded], seq: int, viewer: Side, name: str, *, today: date
    ) -> DocumentConvention:
        """A document as it was after event ``seq``."""
        past = fold(self._method, [item for item in history if item.seq <= seq])
        return self.sheet(past, viewer, name, today=today).document


def obstacles_of(checked: Checked) -> Iterator[str]:
    """What keeps a document from being ready: rules that block, obligatory slots not given."""
    yield from (i.rule for i in checked.issues if i.severity is Severity.BLOCKING)
    yield from checked.certain


def gaps_of(document: DocumentConvention) -> Iterator[str]:
    """The slots that the text shows as missing or to be negotiated."""
    yield from (field.champ for field in document.champs_manquants if not field.conditionnel)


def clause_texts(document: DocumentConvention, wanted: Iterable[str]) -> Mapping[str, str]:
    """The plain text of clauses, by id, paragraphs apart."""
    names = frozenset(wanted)
    found: dict[str, list[str]] = {}
    for article in document.articles:
        for block in article.blocs:
            if block.clause in names:
                found.setdefault(block.clause, []).append(text_of(block))
    return {name: "\n\n".join(parts) for name, parts in found.items()}


def edits_of(manuscript: Manuscript) -> Edits:
    """What the writer of documents is told of people's changes."""
    return Edits(
        removed=manuscript.removed,
        added=manuscript.added,
        order=manuscript.order,
        rewritten={clause: words.text for clause, words in manuscript.rewritten.items()},
    )


def _given(state: State, viewer: Side) -> Mapping[str, tuple[Answer, ...]]:
    """What each side that ``viewer`` sees says of the slots they have in common."""
    given: dict[str, list[Answer]] = {}
    for side in SIDES:
        held = state.of(side)
        slots = held.answers if side == viewer else visible(held.answers, held.shared)
        for slot in slots:
            if not is_own(slot):
                given.setdefault(slot, []).append(held.answers[slot])
    return {slot: tuple(answers) for slot, answers in given.items() if len(answers) > 1}


def _named(state: State, viewer: Side) -> list[tuple[Answer | None, Answer | None]]:
    """The name and the type of each seat, as answers."""
    speaking = [
        side for side in SIDES if not state.of(side).answers.keys().isdisjoint((NAME, TYPE))
    ]
    seats = [
        (held.get(NAME), held.get(TYPE)) for side in speaking for held in [state.of(side).answers]
    ]
    if len(seats) < TABLE and viewer in speaking:
        own = state.of(viewer).answers
        seats.append((own.get("partenaire_nom"), own.get("partenaire_type")))
    return seats


def _origins(known: Mapping[str, Answer]) -> dict[str, Origin]:
    return {slot: _origin(answer) for slot, answer in known.items()}


def _origin(answer: Answer) -> Origin:
    """Who gave a value and when; not the words of the message: files leave the house."""
    return Origin(kind="answer", who=answer.author or answer.side, when=answer.at)
