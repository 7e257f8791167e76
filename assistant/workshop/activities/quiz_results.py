"""What a quiz shows: distributions, and once voting is over the answers, the gain, the best."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.workshop.quiz_bank import Question

PLACES = 3
MOST = 12  # names on a podium, ties included


@dataclass(frozen=True, slots=True)
class ChoiceCount:
    """How many people chose it, round by round, and how many tables in the last round.

    ``right`` is None as long as it is not to be known.
    """

    letter: str
    text: str
    people: tuple[int, ...]
    tables: int
    right: bool | None


@dataclass(frozen=True, slots=True)
class TableAnswer:
    """What a table answers, None when it is tied, and how many of its people voted."""

    number: int
    letter: str | None
    people: int


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """One question: votes round by round; ``right`` and ``gain`` in percent once revealed."""

    id: str
    text: str
    choices: tuple[ChoiceCount, ...]
    answered: tuple[int, ...]
    passed: tuple[int, ...]
    tables: tuple[TableAnswer, ...]
    right: tuple[int, ...]
    gain: int | None
    explanation: str | None
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rank:
    """A place on the podium: a pseudonym, or the number of a table. Equals share a place."""

    place: int
    who: str | int
    score: int


@dataclass(frozen=True, slots=True)
class QuizResults:
    """The whole quiz."""

    questions: tuple[QuestionResult, ...]
    revealed: bool
    by_table: bool
    round: int
    rounds: int
    podium: tuple[Rank, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """Right answers out of the questions asked."""

    right: int
    asked: int


@dataclass(frozen=True, slots=True)
class Hand:
    """What one phone shows: the question to answer, and those answered with their letter."""

    current: Question | None
    done: tuple[tuple[Question, str | None], ...]
    asked: int
    score: Score | None
    without_table: bool


def podium(scores: Sequence[tuple[str | int, int]]) -> tuple[Rank, ...]:
    """The three first places; whoever got nothing right has none."""
    ordered = sorted(scores, key=lambda one: (-one[1], str(one[0]).casefold(), str(one[0])))
    ranks = (
        Rank(1 + sum(other > score for _, other in scores), who, score)
        for who, score in ordered
        if score
    )
    return tuple(rank for rank in ranks if rank.place <= PLACES)[:MOST]
