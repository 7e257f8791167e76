"""The quiz questions, read from ``corpus/ateliers/quiz.yaml``."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from assistant.casefile.source import Cited
from assistant.knowledge.content import Slug, Strict, load_yaml, validate
from assistant.workshop.agenda import FOLDER, Level, Text

FILE = "quiz.yaml"
LETTERS = "abcd"
Theme = Literal["chiffres", "vocabulaire", "categorie", "methode", "juridique", "risques"]


class Choice(Strict):
    """One answer that is offered."""

    text: Text
    correct: bool = False


class Question(Strict):
    """A question, its three or four answers in the order they are shown, and why one is right.

    ``fiche`` is the card that gives the answer, ``sources`` where that card takes it from.
    A choice is named by its letter: ``a`` is the first.
    """

    id: Slug
    theme: Theme
    level: Level
    question: Text
    choices: Annotated[tuple[Choice, ...], Field(min_length=3, max_length=4)]
    explanation: Text
    fiche: Slug
    sources: Annotated[tuple[Cited, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _one_right_answer(self) -> Self:
        if sum(choice.correct for choice in self.choices) != 1:
            raise ValueError("une_bonne_reponse")
        if len({choice.text for choice in self.choices}) != len(self.choices):
            raise ValueError("choix_en_double")
        return self

    @property
    def lettered(self) -> tuple[tuple[str, Choice], ...]:
        """The choices with their letters."""
        return tuple(zip(LETTERS, self.choices, strict=False))

    @property
    def answer(self) -> str:
        """The letter of the right answer."""
        return next(letter for letter, choice in self.lettered if choice.correct)

    def choice(self, letter: str) -> Choice | None:
        """The choice behind a letter."""
        return dict(self.lettered).get(letter)


class _Bank(Strict):
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _ids_differ(self) -> Self:
        if len({question.id for question in self.questions}) != len(self.questions):
            raise ValueError("id_en_double")
        return self


def load_quiz(corpus: Path) -> Mapping[str, Question]:
    """Every question by id, in the order of the file, which may be absent.

    Raises ``InvalidContent``.
    """
    path = corpus / FOLDER / FILE
    if not path.exists():  # an organisation's own content may hold no workshop
        return {}
    bank = validate(_Bank, load_yaml(path.read_text(encoding="utf-8"), name=path.name),
                    name=path.name)  # fmt: skip
    return {question.id: question for question in bank.questions}
