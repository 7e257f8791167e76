"""Answer every case, score it, and write the quality card."""

import subprocess
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from assistant.answering.answerer import Answerer
from assistant.answering.reply import Reply, Status
from assistant.bootstrap import Engine, build_answerer
from assistant.knowledge.search import Arms
from assistant.settings import Settings
from eval.dataset import Case, load_cases
from eval.scorers import covered, invalid_citations, reciprocal_rank

THRESHOLDS = Path(__file__).parent / "thresholds.toml"
DEPTH = 10


@dataclass(frozen=True, slots=True)
class Outcome:
    """One case, answered and scored.

    ``ranks[i]`` says whether the unit at rank ``i + 1`` holds every fact of the case.
    """

    case: Case
    reply: Reply
    facts: int
    ranks: tuple[bool, ...]
    problems: tuple[str, ...]

    @property
    def answered(self) -> bool:
        """Whether the reply states something with a source."""
        return self.reply.status is Status.ANSWERED


@dataclass(frozen=True)
class Figures:
    """The figures of the quality card; shares between 0 and 1."""

    facts: float
    recall_1: float
    recall_5: float
    mrr: float
    wrongly_answered: float
    wrongly_refused: float
    invalid_citations: int
    right_place: float
    noisy_twin_loss: float
    mean_length: float
    max_length: int
    cases: int


def evaluate(answerer: Answerer, cases: Sequence[Case]) -> list[Outcome]:
    """Answer and score every case."""
    passages = {**answerer.index.ours.passages(), **answerer.index.imported.passages()}
    outcomes = []
    for case in cases:
        reply = answerer.answer(case.question, actor=case.actor)
        _, hits = answerer.searcher.search(case.question, actor=case.actor, k=DEPTH)
        ranks = tuple(
            covered(f"{hit.unit.title} {hit.unit.text}", case.facts) == len(case.facts)
            for hit in hits
        )
        found = covered(reply.answer, case.facts) if reply.status is Status.ANSWERED else 0
        problems = tuple(invalid_citations(reply, passages))
        outcomes.append(Outcome(case, reply, found, ranks, problems))
    return outcomes


def figures(outcomes: Sequence[Outcome]) -> Figures:
    """Sum up outcomes."""
    wanted = [o for o in outcomes if o.case.answerable]
    unwanted = [o for o in outcomes if not o.case.answerable]
    ranked = [o for o in wanted if o.case.kind != "multi"]
    answered = [o for o in wanted if o.answered]
    lengths = [len(o.reply.answer) for o in outcomes if o.answered]
    return Figures(
        facts=_share(sum(o.facts for o in wanted), sum(len(o.case.facts) for o in wanted)),
        recall_1=_mean(any(o.ranks[:1]) for o in ranked),
        recall_5=_mean(any(o.ranks[:5]) for o in ranked),
        mrr=_mean(reciprocal_rank(o.ranks) for o in ranked),
        wrongly_answered=_mean(o.answered for o in unwanted),
        wrongly_refused=_mean(not o.answered for o in wanted),
        invalid_citations=sum(bool(o.problems) for o in outcomes),
        right_place=_mean(_cites_the_place(o) for o in answered),
        noisy_twin_loss=_twin_loss(wanted),
        mean_length=_mean(lengths),
        max_length=max(lengths, default=0),
        cases=len(outcomes),
    )


def _cites_the_place(outcome: Outcome) -> bool:
    """Whether a citation is in a document and within two pages of a place of the case.

    The source text has no page marks and facts are often said twice: this is an indication,
    not a gate; that pages are right is the reviewers' work.
    """
    references = {(citation.section, citation.page) for citation in outcome.reply.citations}
    for place in outcome.case.places:
        for section, page in references:
            if page is not None and place.page is not None and abs(page - place.page) <= 2:
                return True
            if page is None and place.page is None and bool(section):
                return True
    return False


def _twin_loss(wanted: Sequence[Outcome]) -> float:
    by_id = {o.case.id: o for o in wanted}
    pairs = [(o, by_id[o.case.twin_of]) for o in wanted if o.case.twin_of in by_id]
    clean = _share(sum(c.facts for _, c in pairs), sum(len(c.case.facts) for _, c in pairs))
    noisy = _share(sum(n.facts for n, _ in pairs), sum(len(n.case.facts) for n, _ in pairs))
    return clean - noisy


def slices(outcomes: Sequence[Outcome]) -> list[tuple[str, str, Figures]]:
    """Figures by kind, step, actor and register."""
    keys: dict[str, Callable[[Case], str]] = {
        "kind": lambda case: case.kind,
        "document": lambda case: case.places[0].document if case.places else "—",
        "step": lambda case: str(case.step or "—"),
        "actor": lambda case: case.actor or "—",
        "register": lambda case: case.register,
        "reason": lambda case: case.reason or "—",
    }
    rows = []
    for name, key in keys.items():
        values = sorted({key(o.case) for o in outcomes})
        rows += [(name, v, figures([o for o in outcomes if key(o.case) == v])) for v in values]
    return rows


ABLATIONS = {
    "everything": Arms(),
    "without the dense arm": Arms(dense=False),
    "without the lexical arm": Arms(lexical=False),
    "without authored questions": Arms(questions=False),
    "without synonyms": Arms(synonyms=False),
    "without priors": Arms(priors=False),
}


def ablations(
    engine: Engine, settings: Settings, cases: Sequence[Case]
) -> list[tuple[str, Figures]]:
    """The same cases with one kind of evidence taken away at a time."""
    rows = []
    for name, arms in ABLATIONS.items():
        answerer = build_answerer(
            engine.index, settings, library=engine.library, texts=engine.texts, arms=arms
        )
        rows.append((name, figures(evaluate(answerer, cases))))
    return rows


def is_deterministic(answerer: Answerer, outcomes: Sequence[Outcome]) -> bool:
    """Whether asking everything again gives the same replies."""
    return all(answerer.answer(o.case.question, actor=o.case.actor) == o.reply for o in outcomes)


def failures(result: Figures) -> list[str]:
    """The thresholds that ``result`` does not meet."""
    limits = tomllib.loads(THRESHOLDS.read_text(encoding="utf-8"))
    below = [
        f"{name} {getattr(result, name):.3f} < {value}"
        for name, value in limits["at_least"].items()
        if getattr(result, name) < value
    ]
    above = [
        f"{name} {getattr(result, name):.3f} > {value}"
        for name, value in limits["at_most"].items()
        if getattr(result, name) > value
    ]
    return below + above


def revision() -> str:
    """The commit this was measured on, and whether the tree had changes."""

    def git(*arguments: str) -> str:
        return subprocess.run(
            ["git", *arguments], capture_output=True, text=True, check=False
        ).stdout.strip()

    dirty = " (with uncommitted changes)" if git("status", "--porcelain") else ""
    return (git("rev-parse", "--short", "HEAD") or "no commit") + dirty


def run_sets(answerer: Answerer, names: Sequence[str]) -> dict[str, list[Outcome]]:
    """Evaluate each named dataset."""
    return {name: evaluate(answerer, load_cases(name)) for name in names}


def _mean(values: object) -> float:
    listed = [float(v) for v in values]  # type: ignore[attr-defined]
    return mean(listed) if listed else 0.0


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
