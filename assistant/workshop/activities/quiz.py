"""A quiz with explained answers, alone or by table, in one vote or two.

With two rounds the second vote follows a discussion (the distribution is shown, not the answer)
or the explanation. What a table answers is what most of its people chose; a tie is no answer, so
that the table settles it. The right answer is in the results only once voting is over.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from assistant.knowledge.content import Slug
from assistant.workshop.activities.gathering import percent
from assistant.workshop.activities.quiz_results import (
    ChoiceCount,
    Hand,
    QuestionResult,
    QuizResults,
    Score,
    TableAnswer,
    podium,
)
from assistant.workshop.activity import (
    Activity,
    Form,
    InvalidConfig,
    Part,
    Refused,
    Scene,
    Table,
    Tools,
)
from assistant.workshop.quiz_bank import LETTERS, Question, load_quiz
from assistant.workshop.room import Entry, Person

FIELD = "q-"
MANY = 3  # questions: from there on the screen sums up, and the trainer shows them one by one
PASS = "passe"  # noqa: S105 - what the form sends for « I pass this question »
Answers = Mapping[str, str | None]


class QuizConfig(Part):
    """Questions of the bank, by id; ``seconds`` is what the trainer means to leave for them.

    ``between`` says what comes between two rounds; ``podium`` names the best by pseudonym, or by
    table.
    """

    questions: Annotated[tuple[Slug, ...], Field(min_length=1, max_length=12)]
    mode: Literal["individuel", "equipe"] = "individuel"
    rounds: Literal[1, 2] = 1
    between: Literal["discussion", "explication"] = "discussion"
    podium: bool = False
    seconds: int | None = Field(default=None, ge=10, le=3_600)


class QuizAnswers(Part):
    """The letters of one person by question; None passes that question."""

    answers: Annotated[
        Mapping[str, Literal["a", "b", "c", "d"] | None], Field(min_length=1, max_length=12)
    ]


class Quiz(Activity[QuizConfig, QuizAnswers, QuizResults]):
    """Questions one after another; every answer can be changed while it is open."""

    kind: ClassVar[str] = "quiz"
    rounds: ClassVar[int] = 2
    Config = QuizConfig
    Value = QuizAnswers

    def __init__(self, tools: Tools) -> None:
        super().__init__(tools)
        self.bank = load_quiz(tools.corpus)

    def choices_for(self, name: str, config: Mapping[str, Any]) -> Mapping[str, str]:
        """The questions of the bank."""
        if name != "questions":
            return super().choices_for(name, config)
        return {question.id: question.question for question in self.bank.values()}

    def configured(self, given: Mapping[str, Any]) -> QuizConfig:
        """Every question is in the bank, once."""
        config = super().configured(given)
        known = set(config.questions) <= set(self.bank)
        if not known or len(set(config.questions)) < len(config.questions):
            raise InvalidConfig(activite=self.kind, champ="questions")
        return config

    def turns(self, config: QuizConfig) -> int:
        """As configured."""
        return config.rounds

    def questions(self, config: QuizConfig) -> tuple[Question, ...]:
        """The questions, in order."""
        return tuple(self.bank[name] for name in config.questions)

    def parts(self, scene: Scene[QuizConfig]) -> tuple[str, ...]:
        """Each question, when there are too many for one screen."""
        asked = self.questions(scene.config)
        return tuple(question.question for question in asked) if len(asked) >= MANY else ()

    def read(self, form: Form) -> Mapping[str, Any]:
        """The fields ``q-<question>``: a letter, or that one passes."""
        given = {
            name.removeprefix(FIELD): values[-1]
            for name, values in form.items()
            if name.startswith(FIELD) and values
        }
        return {"answers": {n: None if letter == PASS else letter for n, letter in given.items()}}

    def accepted(
        self, scene: Scene[QuizConfig], given: Mapping[str, Any], *, by: str, key: str
    ) -> QuizAnswers:
        """Refused kindly when nothing is chosen."""
        if not given.get("answers"):
            raise Refused("quiz_sans_choix")
        return super().accepted(scene, given, by=by, key=key)

    def check(self, scene: Scene[QuizConfig], value: QuizAnswers, *, by: str, key: str) -> None:
        """Questions that are asked, and letters that they have."""
        for name, letter in value.answers.items():
            if name not in scene.config.questions:
                raise Refused
            if letter is not None and self.bank[name].choice(letter) is None:
                raise Refused

    def passed(self, scene: Scene[QuizConfig], *, by: str) -> Mapping[str, Any] | None:
        """Passing skips the next question and keeps the answers already given."""
        before = self._answers(scene, by)
        left = next((name for name in scene.config.questions if name not in before), None)
        answers = {**before, **({left: None} if left else {})}
        over = len(answers) == len(scene.config.questions)
        if left is None or (over and not any(answers.values())):
            return None
        return {"answers": answers}

    def _answers(self, scene: Scene[QuizConfig], by: str) -> Answers:
        """What one person answered in this round; passing all of it passes each question."""
        for entry in scene.mine(by):
            if entry.value is None:
                return dict.fromkeys(scene.config.questions)
            return dict(self.value(entry).answers)
        return {}

    # show

    def revealed(self, scene: Scene[QuizConfig]) -> bool:
        """Whether voting is over, so that the right answers may be shown."""
        config, stage = scene.config, scene.stage
        last = stage.round >= config.rounds or config.between == "explication"
        return stage.phase == "closed" and last

    def results(self, scene: Scene[QuizConfig]) -> QuizResults:
        """What the room chose, and once voting is over what is right and what was gained."""
        revealed = self.revealed(scene)
        ranks = self._ranks(scene) if revealed and scene.config.podium else ()
        return QuizResults(
            questions=self._questions(scene, revealed=revealed),
            revealed=revealed,
            by_table=scene.config.mode == "equipe",
            round=max(scene.stage.round, 1),
            rounds=scene.config.rounds,
            podium=podium(ranks),
        )

    def _questions(self, scene: Scene[QuizConfig], *, revealed: bool) -> tuple[QuestionResult, ...]:
        rounds = [self._round(scene, n) for n in range(1, max(scene.stage.round, 1) + 1)]
        return tuple(
            self._question(scene, question, rounds, revealed=revealed)
            for question in self.questions(scene.config)
        )

    def _round(self, scene: Scene[QuizConfig], number: int) -> list[tuple[Entry, Answers]]:
        return [(e, value.answers) for e, value in self.values(scene.of_round(number))]

    def _question(
        self,
        scene: Scene[QuizConfig],
        question: Question,
        rounds: Sequence[Sequence[tuple[Entry, Answers]]],
        *,
        revealed: bool,
    ) -> QuestionResult:
        name, right = question.id, question.answer
        votes = [Counter(given[name] for _, given in one if given.get(name)) for one in rounds]
        tables = _tables(scene, rounds[-1], name) if scene.config.mode == "equipe" else ()
        choices = tuple(
            ChoiceCount(
                letter,
                choice.text,
                tuple(vote[letter] for vote in votes),
                sum(table.letter == letter for table in tables),
                (letter == right) if revealed else None,
            )
            for letter, choice in question.lettered
        )
        return QuestionResult(
            id=name,
            text=question.question,
            choices=choices,
            answered=tuple(vote.total() for vote in votes),
            passed=tuple(sum(n in g and g[n] is None for _, g in one for n in (name,))
                         for one in rounds),
            tables=tables,
            right=tuple(percent(vote[right], vote.total()) for vote in votes) if revealed else (),
            gain=_gain(rounds, name, right) if revealed else None,
            explanation=question.explanation if revealed else None,
            sources=tuple(map(self._source, question.sources)) if revealed else (),
        )  # fmt: skip

    def _source(self, source: Any) -> str:
        say = self.tools.texts.say
        if source.reference:
            return str(source.reference)
        name = say("origines", source.document)
        if source.page is None:
            return name
        last = f"-{source.last_page}" if source.last_page else ""
        return say("atelier", "source_page", document=name, page=f"{source.page}{last}")

    def _ranks(self, scene: Scene[QuizConfig]) -> list[tuple[str | int, int]]:
        """People who gave a pseudonym, or tables, with their right answers in the last round."""
        round_ = self._round(scene, max(scene.stage.round, 1))
        right = {question.id: question.answer for question in self.questions(scene.config)}
        if scene.config.mode == "individuel":
            people = ((scene.person(entry.participant), given) for entry, given in round_)
            return [(p.name, _right(given, right)) for p, given in people if p and p.name]
        scores: Counter[int] = Counter()
        for name, letter in right.items():
            for table in _tables(scene, round_, name):
                scores[table.number] += table.letter == letter
        return list(scores.items())

    def private(self, scene: Scene[QuizConfig], person: Person) -> Hand:
        """The question to answer, those already answered, and the score once it may be shown."""
        answers = self._answers(scene, person.id)
        asked = self.questions(scene.config)
        shown = scene.stage.on_phones or scene.stage.on_screen
        right = {question.id: question.answer for question in asked}
        score = Score(_right(answers, right), len(right))
        return Hand(
            current=next((q for q in asked if q.id not in answers), None),
            done=tuple((q, answers[q.id]) for q in asked if q.id in answers),
            asked=len(asked),
            score=score if shown and answers and self.revealed(scene) else None,
            without_table=scene.config.mode == "equipe" and person.table is None,
        )

    def told(self, scene: Scene[QuizConfig], value: QuizAnswers) -> str:
        """The answers in words, numbered when there are several questions."""
        lines = []
        for number, question in enumerate(self.questions(scene.config), start=1):
            if question.id in value.answers:
                choice = question.choice(value.answers[question.id] or "")
                said = choice.text if choice else self.tools.texts.say("atelier", "passe")
                lines.append(said if len(scene.config.questions) == 1 else f"{number}. {said}")
        return self.tools.texts.typeset(" ; ".join(lines))

    # export

    def tables(self, scene: Scene[QuizConfig]) -> tuple[Table, ...]:
        """A line a choice, with the right ones: the trainer's, whatever is shown."""
        say = self.tools.texts.say
        number = max(scene.stage.round, 1)
        turns = tuple(say("atelier", "tour", nombre=n) for n in range(1, number + 1))
        team = (say("atelier", "tables"),) if scene.config.mode == "equipe" else ()
        columns = (say("atelier", "question"), say("atelier", "choix"), *turns, *team,
                   say("atelier", "juste"))  # fmt: skip
        rows = tuple(
            (result.text, choice.text, *choice.people, *((choice.tables,) if team else ()),
             say("atelier", "oui") if choice.right else None)
            for result in self._questions(scene, revealed=True)
            for choice in result.choices
        )  # fmt: skip
        return (Table(scene.item.title, columns, rows),)


def _right(answers: Answers, right: Mapping[str, str]) -> int:
    return sum(answers.get(name) == letter for name, letter in right.items())


def _tables(
    scene: Scene[QuizConfig], votes: Sequence[tuple[Entry, Answers]], name: str
) -> tuple[TableAnswer, ...]:
    """What each table answers: the choice of most of its people, nothing when they are tied."""
    by_table: dict[int, Counter[str]] = {}
    for entry, given in votes:
        person, letter = scene.person(entry.participant), given.get(name)
        if person and person.table and letter:
            by_table.setdefault(person.table, Counter())[letter] += 1
    found = []
    for number in sorted(by_table):
        count = by_table[number]
        best = [letter for letter in LETTERS if count[letter] == max(count.values())]
        found.append(TableAnswer(number, best[0] if len(best) == 1 else None, count.total()))
    return tuple(found)


def _gain(rounds: Sequence[Sequence[tuple[Entry, Answers]]], name: str, right: str) -> int | None:
    """Percentage points gained by those who answered both times; None when nobody did."""
    if len(rounds) < 2:
        return None
    first, last = ({e.participant: g[name] for e, g in one if g.get(name)} for one in rounds[:2])
    both = first.keys() & last.keys()
    if not both:
        return None
    better = sum(last[who] == right for who in both) - sum(first[who] == right for who in both)
    return percent(better, len(both))
