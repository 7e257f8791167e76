"""Judge the workshops' content: ``python -m assistant.workshop.content_check [DIRECTORY]``."""

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.bootstrap import build_activities, build_coach, build_office
from assistant.casefile.paths import slots
from assistant.drafting.office import Office
from assistant.errors import CallerError, InvalidContent
from assistant.knowledge.analysis import words
from assistant.knowledge.check import copied_run, known_runs
from assistant.knowledge.content import Card
from assistant.knowledge.corpus import load_corpus
from assistant.settings import INSTALLED_CORPUS, Settings
from assistant.texts import load_texts
from assistant.workshop.activities import Registry
from assistant.workshop.agenda import FOLDER, Case, Format, Item, load_cases, load_formats
from assistant.workshop.quiz_bank import FILE as QUIZ
from assistant.workshop.quiz_bank import Question, load_quiz
from assistant.workshop.starters import FILE as STARTERS
from assistant.workshop.starters import Starter, load_starters

REPEATED = 6  # a run of as many words of a secret in what everybody reads gives it away
# Bodies and words that anybody may name without speaking of an organisation of the examples.
COMMON = frozenset({"État", "Nations Unies"})


@dataclass(frozen=True, slots=True)
class Content:
    """Everything under ``corpus/ateliers``."""

    formats: tuple[Format, ...]
    cases: Mapping[str, Case]
    quiz: Mapping[str, Question]
    starters: Mapping[str, Starter]

    @property
    def items(self) -> Iterator[tuple[str, Item]]:
        """Every item with where it stands, starters included."""
        for chosen in self.formats:
            yield from ((f"{chosen.id}/{item.id}", item) for item in chosen.items)
        yield from ((f"{STARTERS}/{kind}", starter.item(kind))
                    for kind, starter in self.starters.items())  # fmt: skip


def load_content(corpus: Path) -> Content:
    """Read it all; raises ``InvalidContent``."""
    return Content(
        formats=load_formats(corpus),
        cases={case.id: case for case in load_cases(corpus)},
        quiz=load_quiz(corpus),
        starters=load_starters(corpus),
    )


def problems(corpus: Path, sources: Path | None = None) -> list[str]:
    """What does not hold, for developers; a file that cannot be read is one problem.

    ``sources`` is the directory of the source texts, to find copies of them; None where there
    are none.
    """
    try:
        content = load_content(corpus)
        knowledge = load_corpus(corpus)
        settings = Settings(corpus=corpus)
        office = build_office(settings)
        coach = build_coach(settings, load_texts(corpus))
        registry = build_activities(settings, coach, office)
    except InvalidContent as error:
        return [str(error)]
    return [
        *_about_files(corpus),
        *about_formats(content),
        *about_kinds(content, set(registry)),
        *about_configs(content, registry),
        *about_quiz(content, {card.id: card for card in knowledge.cards}),
        *about_cases(content, office),
        *about_names(content, real_names(example.organisations for example in knowledge.examples)),
        *(about_copies(corpus, sources) if sources and sources.is_dir() else ()),
    ]


def _about_files(corpus: Path) -> Iterator[str]:
    for path in sorted((corpus / FOLDER).glob("*/*.yaml")):
        text = path.read_text(encoding="utf-8")
        if not re.search(rf"^id: {re.escape(path.stem)}$", text, re.MULTILINE):
            yield f"{path.name}: the file name differs from the id"


def about_formats(content: Content) -> Iterator[str]:
    """Hours, ids, the case; the two-hour format needs no table."""
    for chosen in content.formats:
        minutes = sum(item.minutes for item in chosen.items)
        if minutes != chosen.hours * 60:
            yield f"{chosen.id}: {minutes} min for {chosen.hours} h"
        counted = Counter(item.id for item in chosen.items)
        yield from (f"{chosen.id}: {name} twice" for name, n in counted.items() if n > 1)
        if chosen.case not in content.cases:
            yield f"{chosen.id}: case {chosen.case}"
    if {chosen.hours for chosen in content.formats} != {2, 4, 12}:
        yield "formats: 2, 4 and 12 hours"


def about_kinds(content: Content, kinds: set[str]) -> Iterator[str]:
    """Every kind that is built has a starter and is used; no other kind is named."""
    used = {item.kind for chosen in content.formats for item in chosen.items}
    yield from (f"kind without a starter: {kind}" for kind in sorted(kinds - set(content.starters)))
    yield from (f"kind in no format: {kind}" for kind in sorted(kinds - used))
    for where, item in content.items:
        if item.kind not in kinds:
            yield f"{where}: kind {item.kind}"


def about_configs(content: Content, registry: Registry) -> Iterator[str]:
    """Configurations that their activity takes, and that name what exists."""
    known = set(slots())
    for where, item in content.items:
        if item.kind in registry:
            try:
                registry[item.kind].configured(item.config)
            except CallerError as error:
                yield f"{where}: {error.code} {error.details}"
        yield from (f"{where}: {wrong}" for wrong in _names_nothing(item.config, content, known))


def _names_nothing(config: Mapping[str, Any], content: Content, known: set[str]) -> Iterator[str]:
    for asked in config.get("questions", ()):
        if isinstance(asked, str) and asked not in content.quiz:
            yield f"question {asked}"
    if (case := config.get("case")) is not None and case not in content.cases:
        yield f"case {case}"
    yield from (f"slot {slot}" for slot in config.get("slots", ()) if slot not in known)


def about_quiz(content: Content, cards: Mapping[str, Card]) -> Iterator[str]:
    """Cards exist and give the answer; what nobody has read again in the law says so."""
    for question in content.quiz.values():
        card = cards.get(question.fiche)
        wrongs = [f"fiche {question.fiche}"] if card is None else _not_of(card, question)
        if any(source.verify for source in question.sources):
            wrongs = [*wrongs, *_unsaid(question)]
        yield from (f"{QUIZ}/{question.id}: {wrong}" for wrong in wrongs)
    asked = Counter(question.question for question in content.quiz.values())
    yield from (f"{QUIZ}: asked twice: {text}" for text, n in asked.items() if n > 1)


def _not_of(card: Card, question: Question) -> Iterator[str]:
    told = _digits(card.body)
    right = next(choice.text for choice in question.choices if choice.correct)
    yield from (f"{number} is not in {card.id}" for number in sorted(_digits(right) - told))
    pages = {reference.page for reference in card.sources if reference.document == "guide"}
    for source in question.sources:
        cited = range(source.page or 0, (source.last_page or source.page or 0) + 1)
        if source.page is not None and not pages & set(cited):
            yield f"{source} is no page of {card.id}"


def _digits(text: str) -> set[str]:
    return set(re.findall(r"\d{2,}", re.sub(r"(?<=\d)\s(?=\d{3}\b)", "", text)))


def _unsaid(question: Question) -> Iterator[str]:
    if "vérifier" not in question.explanation:
        yield "unverified and does not say so"


def about_cases(content: Content, office: Office) -> Iterator[str]:
    """The coach concludes what is expected; secrets stay secret; who leads is who asks."""
    for case in content.cases.values():
        try:
            found = office.recommend(case.known()).to_json()
        except CallerError as error:
            yield f"{case.id}: {error.code} {error.details}"
            continue
        expected = case.expected.model_dump()
        got = {name: found[name] for name in expected}
        if got != expected:
            yield f"{case.id}: {got}, expected {expected}"
        if case.facts.get("acteur_type") != case.lead:
            yield f"{case.id}: lead {case.lead}"
        if len({role.id for role in case.roles}) != len(case.roles):
            yield f"{case.id}: role twice"
        yield from (f"{case.id}: {wrong}" for wrong in _told(case))


def _told(case: Case) -> Iterator[str]:
    public = [case.title, case.story, *case.stakes, *(role.brief for role in case.roles),
              *(candidate.brief for candidate in case.candidates)]  # fmt: skip
    runs = {run for text in public for run in _runs(text)}
    for role in case.roles:
        if len(role.secret) < 2:
            yield f"{role.id}: fewer than two secrets"
        for secret in role.secret:
            if any(run in runs for run in _runs(secret)):
                yield f"{role.id}: secret told: {secret}"


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    found = words(text)
    yield from (tuple(found[i : i + REPEATED]) for i in range(len(found) - REPEATED + 1))


def real_names(organisations: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """The proper names among the organisations of the example sheets."""
    names = {name.split(" (")[0] for group in organisations for name in group}
    return tuple(sorted(
        name for name in names
        if name[:1].isupper() and len(name) > 2 and name not in COMMON
        and "non nommé" not in name
    ))  # fmt: skip


def about_names(content: Content, names: Sequence[str]) -> Iterator[str]:
    """A fictional case names no organisation of the example sheets."""
    patterns = {name: re.compile(rf"\b{re.escape(name)}\b") for name in names}
    for case in content.cases.values():
        people = [text for role in case.roles for text in (role.name, role.brief, *role.secret)]
        others = [text for c in case.candidates for text in (c.name, c.brief)]
        told = [case.title, case.territory, case.story, *case.stakes, *people, *others,
                *(value for value in case.facts.values() if isinstance(value, str))]  # fmt: skip
        text = " · ".join(told)
        yield from (f"{case.id}: real organisation {name}" for name, pattern in patterns.items()
                    if pattern.search(text))  # fmt: skip


def about_copies(corpus: Path, sources: Path) -> Iterator[str]:
    """Runs of more than twelve words in common with a source, outside names."""
    known = known_runs(sources)
    for path in sorted((corpus / FOLDER).rglob("*.yaml")):
        run = copied_run(path.read_text(encoding="utf-8"), known)
        if run:
            yield f"{path.name}: copied from a source: {run}"


def main(arguments: Sequence[str]) -> int:
    """Print what there is and the problems; 1 when there are any."""
    corpus = Path(arguments[0]) if arguments else INSTALLED_CORPUS
    found = problems(corpus, corpus.resolve().parents[1] / "shared" / "sources")
    with suppress(InvalidContent):
        content = load_content(corpus)
        print(f"{len(content.formats)} formats, {len(content.cases)} cases, ", end="")
        print(f"{len(content.quiz)} questions, {len(content.starters)} kinds")
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
