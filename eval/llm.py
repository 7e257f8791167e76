"""What a language model changes in the answers: ``python -m eval llm``.

Quality with the honest script beside none, on the development set; a thousand answers of a liar;
then what streams cost (``eval.llm_streams``). The model is the scripted process, asked through
LangChain as a user's provider would be.
"""

import asyncio
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from assistant.answering.reply import Reply, Status
from assistant.answering.worded import Ask, Said, Settled, Writer
from assistant.bootstrap import Engine, build_engine, build_writer, language_model
from assistant.settings import load_settings
from eval.dataset import Case, load_cases
from eval.llm_streams import measure_streams
from eval.processes import Scripted, scripted
from eval.quality import Figures, Outcome, evaluate, figures
from eval.scorers import covered, invalid_citations
from eval.scripted.lies import flat, says

LIES = 1_000  # answers
SEEDED = 250  # answers a seed: fewer than the exchanges that the process remembers
HIGHER_IS_BETTER = ("facts", "recall_1", "recall_5", "mrr")
LOWER_IS_BETTER = ("wrongly_answered", "wrongly_refused", "invalid_citations")


def main() -> int:
    """Measure and print; 1 when a promise of issue 6 is not kept."""
    broken: list[str] = []
    with tempfile.TemporaryDirectory() as directory, scripted() as server:
        data = Path(directory)
        engine = build_engine(load_settings(data=data))
        try:
            broken += quality(engine, server)
            broken += lies(engine, server)
        finally:
            engine.close()
        broken += measure_streams(data, server, [case.question for case in _answerable()])
    for promise in broken:
        print(f"not kept: {promise}", file=sys.stderr)
    return 1 if broken else 0


def writer_of(engine: Engine, server: Scripted, script: str) -> Writer:
    """Who answers in the words of a script."""
    settings = load_settings(
        llm=f"openai:scripted-{script}", llm_url=server.url, llm_key="none", llm_tokens_per_day=0
    )
    writer = build_writer(settings, engine, language_model(settings))
    assert writer is not None
    return writer


# Quality


def quality(engine: Engine, server: Scripted) -> list[str]:
    """The figures of the quality card with the honest script, beside those without a model."""
    cases = load_cases("dev")
    without = evaluate(engine.answerer, cases)
    replies = asyncio.run(_replies(writer_of(engine, server, "honest"), engine, cases))
    worded = [_outcome(engine, o, reply) for o, reply in zip(without, replies, strict=True)]
    before, after = figures(without), figures(worded)
    modes = Counter(_mode(reply) for reply in replies)
    print(f"quality, {len(cases)} questions of dev: {dict(modes)}")
    for name, value in asdict(before).items():
        print(f"  {name:18} without {value:10.4f}   honest {getattr(after, name):10.4f}")
    return _lower(before, after)


async def _replies(writer: Writer, engine: Engine, cases: Sequence[Case]) -> list[Reply]:
    return [await writer.reply(Ask(c.question, c.actor), engine.answerer) for c in cases]


def _outcome(engine: Engine, without: Outcome, reply: Reply) -> Outcome:
    """The same case, with this reply; the units found are the same, search being the same."""
    facts = without.case.facts
    found = covered(reply.answer, facts) if reply.status is Status.ANSWERED else 0
    passages = {**engine.index.ours.passages(), **engine.index.imported.passages()}
    ranks = without.ranks if reply.units == without.reply.units else ()
    return Outcome(without.case, reply, found, ranks, tuple(invalid_citations(reply, passages)))


def _mode(reply: Reply) -> str:
    if reply.wording is None:
        return "without the model"
    if reply.mode != "llm":
        return f"extractive ({reply.wording.fault or 'too little'})"
    return "llm, completed" if reply.wording.added else "llm"


def _lower(before: Figures, after: Figures) -> list[str]:
    lower = [n for n in HIGHER_IS_BETTER if getattr(after, n) < getattr(before, n)]
    higher = [n for n in LOWER_IS_BETTER if getattr(after, n) > getattr(before, n)]
    return [f"{name} is worse with the honest model" for name in (*lower, *higher)]


# Lies


def lies(engine: Engine, server: Scripted) -> list[str]:
    """A thousand answers of a liar: what it invented must never have been shown."""
    asked = _answerable()[:SEEDED]
    told = shown = 0
    reached: list[str] = []
    removed: Counter[str] = Counter()
    modes: Counter[str] = Counter()
    seed = 0
    while shown < LIES:
        server.reset()
        writer = writer_of(engine, server, f"liar?seed={seed}")
        pages = asyncio.run(_pages(writer, engine, asked))
        exchanges = server.ask("counters")["exchanges"]
        assert len(exchanges) == len(pages)
        for (page, reply), exchange in zip(pages, exchanges, strict=True):
            known = flat(page)
            told += len(exchange["invented"])
            reached += [lie for lie in exchange["invented"] if says(known, lie)]
            removed.update(reply.wording.removed if reply.wording else {})
            modes[_mode(reply)] += 1
        shown += len(pages)
        seed += 1
    print(f"liar: {shown} answers, {told} lies told, {len(reached)} shown {reached[:10]}")
    print(f"  {dict(modes)}; sentences removed: {dict(removed.most_common())}")
    return [f"{len(reached)} lies reached the page"] if reached else []


async def _pages(writer: Writer, engine: Engine, cases: Sequence[Case]) -> list[tuple[str, Reply]]:
    """All that was ever shown for each question that reached the model, and the reply kept."""
    pages = []
    for case in cases:
        seen: list[str] = []
        reply: Reply | None = None
        async for event in writer.events(Ask(case.question, case.actor), engine.answerer):
            if isinstance(event, Said):
                seen.append(event.text)
            elif isinstance(event, Settled):
                reply = event.reply
        assert reply is not None
        if reply.wording is not None:
            # not the pages of its citations: « 18 » may be one, and nobody's lie
            pages.append(("\n".join([*seen, reply.answer, str(reply.suggestions)]), reply))
    return pages


def _answerable() -> list[Case]:
    return [case for case in load_cases("dev") if case.answerable]
