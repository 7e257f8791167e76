"""Read the content directory into one frozen ``Corpus`` value."""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from assistant.errors import InvalidContent
from assistant.knowledge import asked
from assistant.knowledge.content import (
    Card,
    Example,
    OffTopic,
    SourceDocument,
    Term,
    load_yaml,
    parse_front_matter,
    validate,
)
from assistant.knowledge.unit import Block, BlockKind, Reference, Unit, UnitKind
from assistant.typography import french

# what ``load_corpus`` reads; the rest of the content is words of the product, never searched
INDEXED = (
    "fiches/**/*.md", "exemples/*.md", "hors_champ/*.yaml", "glossaire.yaml", "sources.yaml",
    asked.FILES,
)  # fmt: skip
GLOSSARY_DOCUMENT = "glossaire"


@dataclass(frozen=True)
class Corpus:
    """Everything the assistant has read, before any import."""

    documents: tuple[SourceDocument, ...]
    cards: tuple[Card, ...]
    examples: tuple[Example, ...]
    terms: tuple[Term, ...]
    off_topics: tuple[OffTopic, ...]

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """Every unit to index, in a stable order."""
        terms = (unit for unit in map(term_unit, self.terms))
        return (
            *(card.to_unit() for card in self.cards),
            *(example.to_unit() for example in self.examples),
            *terms,
            *(topic.to_unit() for topic in self.off_topics),
        )


def load_corpus(directory: Path) -> Corpus:
    """Read cards, sheets, glossary, sources and off-topic subjects from ``directory``.

    Raises ``InvalidContent`` naming the first file that does not follow its schema.
    """
    return Corpus(
        documents=load_documents(directory),
        cards=tuple(
            validate(Card, parse_front_matter(path), name=path.name)
            for path in sorted(directory.glob("fiches/**/*.md"))
        ),
        examples=tuple(
            validate(Example, parse_front_matter(path), name=path.name)
            for path in sorted(directory.glob("exemples/*.md"))
        ),
        terms=load_terms(directory),
        off_topics=tuple(
            topic
            for path in sorted(directory.glob("hors_champ/*.yaml"))
            for topic in _load_list(path, "sujets", OffTopic)
        ),
    )


def load_documents(directory: Path) -> tuple[SourceDocument, ...]:
    """The source documents, in the order of ``sources.yaml``."""
    return _load_list(directory / "sources.yaml", "documents", SourceDocument)


def load_terms(directory: Path) -> tuple[Term, ...]:
    """The glossary, in alphabetical order as written."""
    return _load_list(directory / "glossaire.yaml", "termes", Term)


def _load_list(path: Path, key: str, model: type) -> tuple:  # type: ignore[type-arg]
    if not path.exists():
        return ()
    data = load_yaml(path.read_text(encoding="utf-8"), name=path.name)
    if not isinstance(data.get(key), list):
        raise InvalidContent("champ_invalide", fichier=path.name, champ=key, raison="list")
    return tuple(
        validate(model, entry, name=f"{path.name} [{number}]")
        for number, entry in enumerate(data[key], start=1)
    )


def corpus_digest(directory: Path) -> str:
    """A hash of what is indexed: changes whenever a byte or a name of these files does."""
    digest = hashlib.sha256()
    for path in sorted(path for pattern in INDEXED for path in directory.glob(pattern)):
        digest.update(path.relative_to(directory).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def term_slug(term: str) -> str:
    """The anchor of a glossary term."""
    from assistant.knowledge.analysis import fold

    return "-".join("".join(c if c.isalnum() else " " for c in fold(term)).split())


def term_unit(term: Term) -> Unit:
    """A glossary entry as retrieval sees it: answers « c’est quoi … » when no card does."""
    slug = term_slug(term.terme)
    names = (term.terme, *term.abreviations)
    references = tuple(source.to_reference() for source in term.sources)
    if not references:
        references = (Reference(GLOSSARY_DOCUMENT, None, french(term.terme)),)
    title = term.terme
    if term.abreviations:
        title = f"{term.terme} ({', '.join(term.abreviations)})"
    return Unit(
        id=f"terme-{slug}",
        kind=UnitKind.TERM,
        title=french(title),
        blocks=(Block(BlockKind.PARAGRAPH, french(f"**{title}** : {term.definition}"), (0,)),),
        references=references,
        questions=tuple(
            french(form)
            for name in names
            for form in (f"Qu'est-ce que {name} ?", f"{name} : définition")
        ),
        nature="definition",
        url=f"/glossaire#{slug}",
    )
