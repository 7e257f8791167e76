"""``assistant doctor``: try each part for real and say what works."""

import platform
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from assistant.bootstrap import build_engine
from assistant.errors import AssistantError
from assistant.knowledge.corpus import load_corpus
from assistant.settings import Settings
from assistant.texts import Texts


@dataclass(frozen=True, slots=True)
class Check:
    """One thing tried: what, whether it worked, why not."""

    what: str
    ok: bool
    why: str = ""


def run_checks(settings: Settings, texts: Texts) -> Iterator[Check]:
    """Try Python, the data directory, the content, the model, the index and one question."""

    def say(name: str, **details: object) -> str:
        return texts.say("doctor", name, **details)

    yield Check(say("python", version=platform.python_version()), True)
    yield _attempt(say("donnees", dossier=settings.data), texts, lambda: _write(settings))
    corpus = load_corpus(settings.corpus)
    yield Check(
        say(
            "contenu",
            fiches=len(corpus.cards),
            exemples=len(corpus.examples),
            termes=len(corpus.terms),
        ),
        True,
    )
    model = settings.embedding_model or "embedding_model"
    try:
        engine = build_engine(settings)
    except AssistantError as error:
        yield Check(say("modele", modele=model), False, texts.explain(error))
        return
    yield Check(say("modele", modele=model), True)
    index = engine.index
    yield Check(say("index", unites=len(index.ours.units), vecteurs=index.ours.records()), True)
    started = time.perf_counter()
    reply = engine.answerer.answer(texts.listing("accueil", "questions")[0])
    elapsed = round((time.perf_counter() - started) * 1000, 1)
    yield Check(say("question", ms=elapsed), bool(reply.citations))
    engine.close()


def _attempt(what: str, texts: Texts, action: Callable[[], None]) -> Check:
    try:
        action()
    except AssistantError as error:
        return Check(what, False, texts.explain(error))
    except OSError as error:
        return Check(what, False, error.strerror or "")
    return Check(what, True)


def _write(settings: Settings) -> None:
    settings.data.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=settings.data):
        pass
