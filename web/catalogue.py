"""The content as pages need it: by id, by part, by step, by source; built once at start."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.errors import NotFound
from assistant.knowledge.analysis import fold
from assistant.knowledge.content import Card, Example, SourceDocument, Term
from assistant.knowledge.corpus import Corpus, term_slug
from assistant.knowledge.library import ImportedDocument
from assistant.knowledge.unit import Reference, Unit
from assistant.typography import french

STEPS = tuple(range(1, 8))
# the parts of the guide to cards, and what each gathers; their French titles are in _labels.html
PARTS: Mapping[str, frozenset[str]] = {
    "comprendre": frozenset({"definition", "histoire", "territoire"}),
    "objectifs": frozenset({"objectif"}),
    "formes": frozenset({"typologie"}),
    "methode": frozenset({"methode", "etape", "critere"}),
    "risques": frozenset({"risque", "frein"}),
    "chiffres": frozenset({"chiffre"}),
    "droit": frozenset({"juridique"}),
    "appuis": frozenset({"outil", "ressource", "organisme", "personne"}),
    "corrections": frozenset({"correctif"}),
}


@dataclass(frozen=True, slots=True)
class CardLine:
    """A card in a list."""

    id: str
    title: str
    nature: str
    step: int | None
    actors: tuple[str, ...]
    beyond_guide: bool

    @property
    def url(self) -> str:
        """The card's page."""
        return f"/fiches/{self.id}"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a card comes from, ready to be read."""

    document: str
    document_id: str
    page: int | None
    section: str


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a source, and the cards that restate it."""

    title: str
    first_page: int | None
    last_page: int | None
    cards: tuple[CardLine, ...]


@dataclass(frozen=True, slots=True)
class GlossaryEntry:
    """A term, its other names, its neighbours (title and anchor) and its sources."""

    slug: str
    term: str
    definition: str
    names: tuple[str, ...]
    see: tuple[tuple[str, str], ...]
    sources: tuple[Source, ...]


class Catalogue:
    """The corpus and the imports, indexed for reading."""

    def __init__(self, corpus: Corpus, imported: Sequence[ImportedDocument] = ()) -> None:
        self.corpus = corpus
        self.imported = {document.id: document for document in imported}
        self.cards = {card.id: card for card in corpus.cards}
        self.units: dict[str, Unit] = {card.id: card.to_unit() for card in corpus.cards}
        self.example_units = {example.id: example.to_unit() for example in corpus.examples}
        self.examples = {example.id: example for example in corpus.examples}
        self.documents = {document.id: document for document in corpus.documents}
        self._lines = {card.id: _line(card) for card in corpus.cards}
        self._texts = {
            card.id: fold(f"{card.titre} {card.body} {' '.join(card.questions)}")
            for card in corpus.cards
        }

    def card(self, card_id: str) -> Card:
        """Raises ``NotFound``."""
        if card_id not in self.cards:
            raise NotFound(quoi=card_id[:80])
        return self.cards[card_id]

    def example(self, example_id: str) -> Example:
        """Raises ``NotFound``."""
        if example_id not in self.examples:
            raise NotFound(quoi=example_id[:80])
        return self.examples[example_id]

    def document(self, document_id: str) -> ImportedDocument:
        """An imported document; raises ``NotFound``."""
        if document_id not in self.imported:
            raise NotFound(quoi=document_id[:80])
        return self.imported[document_id]

    def lines(self, ids: Sequence[str]) -> tuple[CardLine, ...]:
        """Those of ``ids`` that are cards, in the same order."""
        return tuple(self._lines[card_id] for card_id in ids if card_id in self._lines)

    def find_cards(
        self,
        *,
        text: str = "",
        step: int | None = None,
        actor: str | None = None,
        nature: str | None = None,
        part: str | None = None,
    ) -> list[CardLine]:
        """The cards that hold every word of ``text`` and every other criterion, by title.

        A card of no particular actor is of interest to all three.
        """
        words = fold(text).split()
        found = [
            line
            for card_id, line in self._lines.items()
            if (step is None or line.step == step)
            and (actor is None or not line.actors or actor in line.actors)
            and (nature is None or line.nature == nature)
            and (part is None or part_of(line.nature) == part)
            and all(word in self._texts[card_id] for word in words)
        ]
        return sorted(found, key=lambda line: fold(line.title))

    def step_groups(self, step: int) -> dict[str, tuple[CardLine, ...]]:
        """The cards of one step of the method, by part, in the order of ``PARTS``."""
        return by_part(self.find_cards(step=step))

    def sources_of(self, references: Sequence[Reference]) -> tuple[Source, ...]:
        """References with their documents named."""
        return tuple(
            Source(
                document=self.title_of(reference.document),
                document_id=reference.document,
                page=reference.page,
                section=reference.section,
            )
            for reference in references
        )

    def title_of(self, document_id: str) -> str:
        """The title of a source or of an import; its id when it is neither."""
        if document_id in self.documents:
            return french(self.documents[document_id].titre)
        if document_id in self.imported:
            return self.imported[document_id].title
        return document_id

    @cached_property
    def short_titles(self) -> dict[str, str]:
        """The short title of each source document, by its full title as answers give it."""
        titles: dict[str, str] = {}
        for document in self.corpus.documents:
            short = french(document.titre_court)
            titles |= {document.titre: short, french(document.titre): short}
        return titles

    @cached_property
    def short_titles_by_id(self) -> dict[str, str]:
        """The short title of each source document, by its id."""
        return {d.id: french(d.titre_court) for d in self.corpus.documents}

    @cached_property
    def glossary(self) -> tuple[GlossaryEntry, ...]:
        """Every term, in alphabetical order without accents."""
        anchors = {fold(term.terme): term_slug(term.terme) for term in self.corpus.terms}
        entries = (self._entry(term, anchors) for term in self.corpus.terms)
        return tuple(sorted(entries, key=lambda entry: fold(entry.term)))

    def _entry(self, term: Term, anchors: Mapping[str, str]) -> GlossaryEntry:
        names = dict.fromkeys((*term.abreviations, *term.synonymes))
        return GlossaryEntry(
            slug=term_slug(term.terme),
            term=french(term.terme),
            definition=french(term.definition),
            names=tuple(french(name) for name in names if fold(name) != fold(term.terme)),
            see=tuple((french(v), anchors[fold(v)]) for v in term.voir if fold(v) in anchors),
            sources=self.sources_of([source.to_reference() for source in term.sources]),
        )

    @cached_property
    def sections(self) -> dict[str, tuple[Section, ...]]:
        """The sections of each source document, with their cards."""
        owners: dict[tuple[str, str], list[str]] = defaultdict(list)
        for card in self.corpus.cards:
            for source in card.sources:
                cards = owners[source.document, source.section]
                if card.id not in cards:
                    cards.append(card.id)
        return {
            document.id: tuple(self._sections_of(document, owners))
            for document in self.corpus.documents
        }

    def _sections_of(
        self, document: SourceDocument, owners: Mapping[tuple[str, str], Sequence[str]]
    ) -> list[Section]:
        return [
            Section(
                title=french(section.titre),
                first_page=section.pages[0] if section.pages else None,
                last_page=section.pages[1] if section.pages else None,
                cards=self.lines(owners.get((document.id, section.titre), ())),
            )
            for section in document.sections
        ]


def part_of(nature: str) -> str:
    """The part that gathers cards of ``nature``."""
    return next(part for part, natures in PARTS.items() if nature in natures)


def by_part(lines: Sequence[CardLine]) -> dict[str, tuple[CardLine, ...]]:
    """Cards gathered by part, empty parts left out."""
    groups: dict[str, list[CardLine]] = {part: [] for part in PARTS}
    for line in lines:
        groups[part_of(line.nature)].append(line)
    return {part: tuple(cards) for part, cards in groups.items() if cards}


def _line(card: Card) -> CardLine:
    return CardLine(
        id=card.id,
        title=french(card.titre),
        nature=card.nature,
        step=card.etape,
        actors=card.acteurs,
        beyond_guide=card.au_dela,
    )
