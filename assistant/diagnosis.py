"""``assistant doctor``: try each part for real and say what works."""

import asyncio
import platform
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from assistant.bootstrap import build_engine, language_model
from assistant.errors import AssistantError
from assistant.knowledge.corpus import load_corpus
from assistant.settings import INSTALLED_PROMPTS, Settings
from assistant.texts import Texts


@dataclass(frozen=True, slots=True)
class Check:
    """One thing tried: what, whether it worked, why not."""

    what: str
    ok: bool
    why: str = ""


def run_checks(settings: Settings, texts: Texts) -> Iterator[Check]:
    """Try Python, the data directory, the content, the models, the index and one question."""

    def say(name: str, **details: object) -> str:
        return texts.say("doctor", name, **details)

    yield Check(say("python", version=platform.python_version()), True)
    yield _attempt(say("donnees", dossier=settings.data), texts, lambda: _write(settings))
    yield from _language_model(settings, texts)
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


def _language_model(settings: Settings, texts: Texts) -> Iterator[Check]:
    """Whether there is one, whether it answers and how fast, whether it fills objects."""
    from assistant.llm.check import tried
    from assistant.llm.prompts import Prompts

    name = (settings.llm or "").strip()
    try:
        model = language_model(settings)
    except AssistantError as error:
        yield Check(texts.say("doctor", "llm", modele=name[:60]), False, texts.explain(error))
        return
    if model is None:
        yield Check(texts.say("doctor", "llm_absent"), True)
        return
    trial = asyncio.run(tried(model, Prompts(INSTALLED_PROMPTS)))
    if trial.fault is not None:
        why = texts.say("panne_llm", trial.fault.value)
        yield Check(texts.say("doctor", "llm", modele=model.name), False, why)
        return
    yield Check(
        texts.say(
            "doctor",
            "llm_parle",
            modele=model.name,
            debut=_french_number(trial.first_token or 0.0),
            vitesse=round(trial.tokens_per_second or 0.0),
        ),
        True,
    )
    yield Check(
        texts.say("doctor", "llm_objet", modele=model.name),
        trial.structured,
        texts.say("panne_llm", "objet") if not trial.structured else "",
    )


def _french_number(value: float) -> str:
    return f"{value:.2f}".replace(".", ",")


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
