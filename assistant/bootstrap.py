"""The only place that builds real adapters and hands them to those who use them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.answering.abstention import load_model
from assistant.answering.answerer import Answerer
from assistant.answering.manners import Manners, Recognizer
from assistant.casefile.display import load_display
from assistant.coaching.method import load_method
from assistant.coaching.recommendation.wording import load_wording
from assistant.coaching.turn import Coach
from assistant.coaching.understanding.lexicon import load_lexicon
from assistant.knowledge.content import Term, load_yaml, validate
from assistant.knowledge.corpus import (
    corpus_digest,
    load_corpus,
    load_documents,
    load_terms,
)
from assistant.knowledge.embedding import load_embedder
from assistant.knowledge.generation import Index
from assistant.knowledge.index_store import IndexStore
from assistant.knowledge.library import Library
from assistant.knowledge.query import QueryReader
from assistant.knowledge.search import Arms, Searcher, Weights
from assistant.knowledge.shelf import Progress
from assistant.knowledge.unit import Unit
from assistant.settings import Settings
from assistant.texts import Texts, load_texts

if TYPE_CHECKING:
    from assistant.drafting.documents.template import TemplateLibrary
    from assistant.drafting.office import Office

# Imported passages have no authored questions: their words and their vectors say it all.
IMPORTED_WEIGHTS = Weights(
    whole=0.6, title=0.0, question=0.0, dense_question=0.0, dense_passage=0.4
)


@dataclass(frozen=True)
class Engine:
    """An answerer and what it was built from."""

    answerer: Answerer
    store: IndexStore
    library: Library
    texts: Texts

    @property
    def index(self) -> Index:
        """The open index."""
        return self.answerer.index

    def close(self) -> None:
        """Give back what this process holds."""
        self.store.close()


def content_digest(settings: Settings, library: Library) -> str:
    """Identifies everything that is indexed: the content directory and the imports."""
    text = corpus_digest(settings.corpus) + library.digest()
    return hashlib.sha256(text.encode()).hexdigest()


def build_library(settings: Settings) -> Library:
    """Where imported documents are kept."""
    return Library(settings.data / "documents")


def import_noise(settings: Settings) -> list[str]:
    """The lines that an import takes out of extracted text."""
    return list(_read(settings.corpus / "langage.yaml").get("bruit", ()))


def build_engine(settings: Settings, *, progress: Progress | None = None) -> Engine:
    """Open the index, building it when needed, and everything that answers.

    Raises ``StorageUnavailable``, ``IndexUnavailable`` or ``InvalidContent``.
    """
    library = build_library(settings)
    store = IndexStore(settings.data / "index", embedder=load_embedder(settings.embedding_model))

    def content() -> tuple[Sequence[Unit], Sequence[Sequence[str]]]:
        corpus = load_corpus(settings.corpus)
        return (*corpus.units, *library.units()), concept_groups(corpus.terms)

    index = store.open(content_digest(settings, library), content, progress)
    texts = load_texts(settings.corpus)
    return Engine(
        answerer=build_answerer(index, settings, library=library, texts=texts),
        store=store,
        library=library,
        texts=texts,
    )


def build_answerer(
    index: Index,
    settings: Settings,
    *,
    library: Library,
    texts: Texts,
    weights: Weights | None = None,
    arms: Arms | None = None,
) -> Answerer:
    """An answerer over an open index."""
    language = _read(settings.corpus / "langage.yaml")
    reader = QueryReader(
        index,
        quick=language["ecriture_rapide"],
        profiles=language["profils"],
        definitions=language["definitions"],
    )
    manners = validate(
        Manners, _read(settings.corpus / "conversation.yaml"), name="conversation.yaml"
    )
    return Answerer(
        index=index,
        searcher=Searcher(index.ours, reader, index.embedder, weights=weights, arms=arms),
        imported=Searcher(index.imported, reader, index.embedder, weights=IMPORTED_WEIGHTS),
        recognizer=Recognizer(manners),
        texts=texts,
        model=load_model(),
        documents=(*load_documents(settings.corpus), *library.documents()),
        english=language.get("anglais", {}),
        max_question=settings.max_question,
    )


def concept_groups(terms: Sequence[Term]) -> list[list[str]]:
    """What the analyzer takes as interchangeable: each glossary entry with all its forms."""
    return [list(term.forms()) for term in terms if len(term.forms()) > 1]


def glossary(settings: Settings) -> tuple[Term, ...]:
    """The glossary of the content directory."""
    return load_terms(settings.corpus)


def _read(path: Path) -> dict:  # type: ignore[type-arg]
    return load_yaml(path.read_text(encoding="utf-8"), name=path.name)


def build_coach(settings: Settings, texts: Texts) -> Coach:
    """Who leads through the seven steps; raises ``InvalidContent``."""
    return Coach(
        method=load_method(settings.corpus),
        lexicon=load_lexicon(settings.corpus),
        wording=load_wording(settings.corpus),
        texts=texts,
        display=load_display(settings.corpus),
    )


def build_office(settings: Settings) -> "Office":
    """Who recommends, checks and writes; raises ``InvalidContent``."""
    from assistant.drafting.office import Office
    from assistant.drafting.parameters import load_parameters
    from assistant.drafting.rules.catalogue import load_messages

    return Office(
        wording=load_wording(settings.corpus),
        parameters=load_parameters(settings.corpus),
        messages=load_messages(settings.corpus),
        library=read_templates(settings, settings.models),
        display=load_display(settings.corpus),
        method=load_method(settings.corpus),
    )


def read_templates(settings: Settings, own: Path | None) -> "TemplateLibrary":
    """The templates of documents, ``own`` laid over ours; raises ``InvalidContent``."""
    from assistant.drafting.documents import conditions  # noqa: F401 - registers conditions
    from assistant.drafting.documents.template import load_templates

    return load_templates(settings.corpus / "modeles", own)


def facts_schema(settings: Settings) -> dict[str, Any]:
    """The JSON Schema of the facts, with the French name and help of each slot."""
    from assistant.casefile.published import published_schema

    return published_schema(load_display(settings.corpus).labels)
