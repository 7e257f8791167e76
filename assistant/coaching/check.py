"""Judge the method's content: ``python -m assistant.coaching.check [DIRECTORY]``."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from assistant.casefile.labels import gaps, load_labels
from assistant.coaching.method import Method, Question, load_method
from assistant.errors import InvalidContent
from assistant.knowledge.corpus import load_corpus
from assistant.settings import INSTALLED_CORPUS

# How many questions domain/conventions.md §4 has, step by step.
EXPECTED: Mapping[int, int] = MappingProxyType({1: 11, 2: 8, 3: 8, 4: 18, 5: 8, 6: 8, 7: 10})


def expected_ids() -> tuple[str, ...]:
    """The id of every question of §4."""
    return tuple(f"D{step}-{n:02}" for step, count in EXPECTED.items() for n in range(1, count + 1))


def problems(corpus: Path) -> list[str]:
    """What does not hold, for developers: missing questions, cards that do not exist, gaps.

    A file that cannot be read is one problem, not an error.
    """
    try:
        method = load_method(corpus)
        cards = {card.id for card in load_corpus(corpus).cards}
        labels = load_labels(corpus)
    except InvalidContent as error:
        return [str(error)]
    return [*_about_method(method, cards), *gaps(labels)]


def _about_method(method: Method, cards: set[str]) -> Iterator[str]:
    expected = expected_ids()
    found = [question.id for question in method.questions if not question.supplement]
    yield from (f"§4: {name}" for name in sorted(set(found) ^ set(expected)))
    yield from (f"{s.slug}: {s.fiche}" for s in method.etapes if s.fiche not in cards)
    for question in method.questions:
        yield from (f"{question.id}: {wrong}" for wrong in _about(question, cards))


def _about(question: Question, cards: set[str]) -> Iterator[str]:
    if question.fiche not in cards:
        yield f"fiche {question.fiche}"
    if question.supplement != question.id.startswith("DX-"):
        yield "supplement"
    if not question.supplement and question.id[1] != str(question.etape):
        yield f"etape {question.etape}"
    for text in (question.texte, question.question_guide):
        if "?" not in text and not text.endswith("."):
            yield f"question {text!r}"
    if question.aide is None and not any(field.aide for field in question.champs):
        yield "aide"


def main(arguments: Sequence[str]) -> int:
    """Print the coverage of §4 and the problems; 1 when there are any."""
    corpus = Path(arguments[0]) if arguments else INSTALLED_CORPUS
    found = problems(corpus)
    if not any(line.startswith("champ_invalide") for line in found):
        names = {question.id for question in load_method(corpus).questions}
        covered = sum(name in names for name in expected_ids())
        print(f"§4: {covered}/{len(expected_ids())} · DX: {len(names) - covered}")
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
