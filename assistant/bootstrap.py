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
from assistant.clock import Clock, SystemClock
from assistant.coaching.method import load_method
from assistant.coaching.recommendation.wording import load_wording
from assistant.coaching.turn import Coach
from assistant.coaching.understanding.lexicon import load_lexicon
from assistant.knowledge.asked import load_asked
from assistant.knowledge.content import Term, load_yaml, validate
from assistant.knowledge.corpus import (
    corpus_digest,
    load_corpus,
    load_documents,
    load_terms,
)
from assistant.knowledge.embedding import load_embedder
from assistant.knowledge.generation import Index, Material
from assistant.knowledge.index_store import IndexStore
from assistant.knowledge.library import Library
from assistant.knowledge.query import QueryReader
from assistant.knowledge.search import Arms, Searcher, Weights
from assistant.knowledge.shelf import Progress
from assistant.settings import INSTALLED_PROMPTS, Settings
from assistant.texts import Texts, load_texts

if TYPE_CHECKING:
    from assistant.answering.worded import Writer
    from assistant.coaching.understanding.modelled import ModelReader
    from assistant.drafting.documents.template import TemplateLibrary
    from assistant.drafting.office import Office
    from assistant.llm.port import LanguageModel
    from assistant.workshop.activities import Registry

# Imported passages have no authored questions: their words and their vectors say it all.
IMPORTED_WEIGHTS = Weights(
    whole=0.6,
    title=0.0,
    question=0.0,
    dense_question=0.0,
    dense_passage=0.4,
    coverage=0.0,
    body=0.0,
    same=0.0,
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

    def content() -> Material:
        corpus = load_corpus(settings.corpus)
        units = (*corpus.units, *library.units())
        return Material(units, concept_groups(corpus.terms), load_asked(settings.corpus))

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


def build_activities(settings: Settings, coach: Coach, office: "Office") -> "Registry":
    """Every workshop activity; raises ``InvalidContent``."""
    from assistant.workshop.activities import build_activities
    from assistant.workshop.activity import Tools
    from assistant.workshop.agenda import load_cases

    return build_activities(
        Tools(
            corpus=settings.corpus,
            method=coach.method,
            display=coach.display,
            office=office,
            texts=coach.texts,
            cases={case.id: case for case in load_cases(settings.corpus)},
        )
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


def language_model(settings: Settings, clock: Clock | None = None) -> "LanguageModel | None":
    """The language model that the settings name, None when they name none.

    Its provider is imported here: raises ``CallerError`` at once for one that is unknown, not
    installed, without a key, or without a model. Build it once: its limits are its own.
    """
    from assistant.llm.presets import chosen

    choice = chosen(settings)
    if choice is None:
        return None
    from assistant.llm.adapter import LangChainBackend, chat_maker
    from assistant.llm.limits import Breaker, Spending
    from assistant.llm.prompts import Prompts
    from assistant.llm.resilience import Patience, ResilientModel

    clock = clock or SystemClock()
    patience = Patience(
        first_token=settings.llm_first_token, idle=settings.llm_idle, total=settings.llm_total
    )
    backend = LangChainBackend(
        chat_maker(
            choice,
            patience=patience,
            max_tokens=settings.llm_max_tokens,
            temperature=settings.llm_temperature,
        ),
        name=f"{choice.name}:{choice.model}",
        method=choice.method,
        says_end=choice.preset.says_end,
        prompts=Prompts(INSTALLED_PROMPTS),
        clock=clock,
    )
    spending = Spending(
        clock,
        per_day=settings.llm_tokens_per_day,
        per_conversation=settings.llm_tokens_per_conversation,
    )
    return ResilientModel(
        backend,
        breaker=Breaker(clock),
        spending=spending,
        patience=patience,
        max_tokens=settings.llm_max_tokens,
    )


def masks(settings: Settings) -> bool:
    """Whether what identifies someone is replaced before it is sent: unless it stays here."""
    from assistant.llm.presets import chosen

    if settings.llm_mask is not None:
        return settings.llm_mask
    choice = chosen(settings)
    return choice is None or not choice.local


def build_writer(
    settings: Settings, engine: Engine, model: "LanguageModel | None", clock: Clock | None = None
) -> "Writer | None":
    """What puts answers in the words of ``model``; None without one. Raises ``InvalidContent``."""
    if model is None:
        return None
    from assistant.answering.worded import Writer
    from assistant.llm.guard import load_guard
    from assistant.llm.prompts import Prompts

    return Writer(
        model,
        Prompts(INSTALLED_PROMPTS),
        load_guard(settings.corpus, [unit.text for unit in engine.index.ours.units]),
        masked=masks(settings),
        clock=clock or SystemClock(),
    )


def build_reader(settings: Settings, coach: Coach, writer: "Writer | None") -> "ModelReader | None":
    """What reads messages to the coach beside us; None without a model, or when none is to."""
    if writer is None or not settings.llm_reading:
        return None
    from assistant.coaching.understanding.modelled import ModelReader
    from assistant.llm.limits import Breaker

    return ModelReader(
        writer.model,
        writer.prompts,
        coach.lexicon,
        Breaker(writer.clock, failures=3, rest=60.0),
        masked=writer.masked,
        within=settings.llm_reading,
        health=writer.health,
    )
