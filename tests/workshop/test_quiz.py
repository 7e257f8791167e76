"""The quiz: alone or by table, once or twice, and what is not to be seen before the end."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.workshop import events as ev
from assistant.workshop.activities.quiz import Quiz
from assistant.workshop.activities.quiz_results import Rank, Score, TableAnswer, podium
from assistant.workshop.activity import InvalidConfig, Refused
from tests.workshop.building import Story, activities, item
from tests.workshop.voting import Vote, seat
from web.rendering import environment

PEOPLE = "a1 a2 a3 e1 e2 e3"


def bank() -> list[Any]:
    quiz = activities()["quiz"]
    assert isinstance(quiz, Quiz)
    return list(quiz.bank.values())


ONE, TWO, THREE = (question.id for question in bank()[:3])


def right(name: str) -> str:
    return next(question.answer for question in bank() if question.id == name)


def wrong(name: str) -> str:
    return next(letter for letter in "abc" if letter != right(name))


def quiz(*questions: str, **config: Any) -> Vote:
    return Vote("quiz", PEOPLE, questions=list(questions or (ONE,)), **config)


def says(name: str = ONE, letter: str | None = None) -> dict[str, list[str]]:
    return {f"q-{name}": [letter or right(name)]}


def answers(**letters: str) -> dict[str, dict[str, list[str]]]:
    """Who answers what to the first question: « juste » or « faux »."""
    made = {"juste": right(ONE), "faux": wrong(ONE), "passe": "passe"}
    return {who: says(ONE, made[letter]) for who, letter in letters.items()}


def test_votes_are_counted_by_choice_with_those_who_pass() -> None:
    vote = quiz().all(answers(a1="juste", a2="juste", a3="faux", e1="passe")).give("e2", None)

    (question,) = vote.results.questions

    counts = {choice.letter: choice.people for choice in question.choices}
    assert counts[right(ONE)] == (2,)
    assert counts[wrong(ONE)] == (1,)
    assert (question.answered, question.passed) == ((3,), (1,))
    assert vote.scene.abstentions == 1


def test_nothing_tells_the_right_answer_before_voting_is_over() -> None:
    vote = quiz(podium=True).give("a1", says())
    vote.direct("montrer", where="screen").direct("montrer", where="phones")

    results = vote.results
    (question,) = results.questions

    assert (results.revealed, results.podium) == (False, ())
    assert {choice.right for choice in question.choices} == {None}
    assert (question.right, question.gain, question.explanation, question.sources) == (
        (), None, None, ()
    )  # fmt: skip
    assert vote.private("a1").score is None


def test_once_closed_the_answer_comes_with_its_explanation_and_source() -> None:
    vote = quiz().all(answers(a1="juste", a2="faux", a3="faux")).direct("fermer")

    (question,) = vote.results.questions

    assert [choice.letter for choice in question.choices if choice.right] == [right(ONE)]
    assert question.right == (33,)
    assert question.explanation == bank()[0].explanation
    assert question.sources[0].startswith("le guide, p. ")


def test_a_first_of_two_rounds_shows_the_votes_and_not_the_answer() -> None:
    vote = quiz(rounds=2).all(answers(a1="juste", a2="faux")).direct("fermer")

    assert vote.results.revealed is False
    assert vote.results.questions[0].answered == (2,)


def test_an_explanation_between_two_rounds_reveals_the_answer() -> None:
    vote = quiz(rounds=2, between="explication").give("a1", says()).direct("fermer")

    assert vote.results.revealed


def test_the_second_round_shows_the_gain_of_those_who_voted_twice() -> None:
    vote = quiz(rounds=2)
    vote.all(answers(a1="juste", a2="faux", a3="faux", e1="faux", e2="juste")).direct("fermer")
    vote.direct("tour")
    vote.all(answers(a1="juste", a2="juste", a3="juste", e1="faux", e3="faux")).direct("fermer")

    (question,) = vote.results.questions

    assert question.right == (40, 60)
    assert question.gain == 50  # 1 of 4, then 3 of 4
    assert next(c.people for c in question.choices if c.right) == (2, 3)


def test_rounds_are_those_of_the_configuration() -> None:
    vote = quiz().direct("fermer").direct("tour")

    assert vote.scene.stage.round == 1
    assert quiz(rounds=2).direct("tour").scene.stage.round == 2


def test_nobody_gains_when_nobody_voted_twice() -> None:
    vote = quiz(rounds=2).give("a1", says()).direct("tour").give("a2", says()).direct("fermer")

    assert vote.results.questions[0].gain is None


# one question after another


def test_questions_come_one_after_another_and_answers_can_be_changed() -> None:
    vote = quiz(ONE, TWO)

    assert vote.private("a1").current.id == ONE
    hand = vote.give("a1", says(ONE)).private("a1")
    assert (hand.current.id, [(q.id, given_) for q, given_ in hand.done]) == (
        TWO, [(ONE, right(ONE))]
    )  # fmt: skip
    vote.give("a1", {**says(ONE, wrong(ONE)), **says(TWO)})
    assert vote.private("a1").current is None
    assert next(c.people for c in vote.results.questions[0].choices if c.letter == wrong(ONE)) == (
        1,
    )


def test_passing_skips_one_question_and_keeps_what_was_answered() -> None:
    vote = quiz(ONE, TWO, THREE).give("a1", says(ONE)).give("a1", None)

    hand = vote.private("a1")

    assert hand.current.id == THREE
    assert [(q.id, letter) for q, letter in hand.done] == [(ONE, right(ONE)), (TWO, None)]
    assert vote.results.questions[1].passed == (1,)


def test_passing_everything_is_an_abstention_that_can_be_taken_back() -> None:
    vote = quiz(ONE, TWO).give("a1", None).give("a1", None)

    assert vote.scene.abstentions == 1
    assert vote.private("a1").current is None
    assert vote.give("a1", says(ONE)).results.questions[0].answered == (1,)


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({}, "quiz_sans_choix"),
        ({"mot": ["x"]}, "quiz_sans_choix"),
        (says(TWO), "contribution_refusee"),
        (says(ONE, "e"), "contribution_refusee"),
        (says("inconnue", "a"), "contribution_refusee"),
    ],
)
def test_what_does_not_fit_is_refused(form, code: str) -> None:
    with pytest.raises(Refused) as refused:
        quiz().give("a1", form)

    assert refused.value.name == code


def test_a_fourth_choice_that_a_question_does_not_have_is_refused() -> None:
    three = next(question.id for question in bank() if len(question.choices) == 3)

    with pytest.raises(Refused):
        quiz(three).give("a1", says(three, "d"))


@pytest.mark.parametrize(
    "config",
    [{}, {"questions": []}, {"questions": ["inconnue"]}, {"questions": [ONE, ONE]},
     {"questions": [ONE], "rounds": 3}, {"questions": [ONE], "mode": "seul"}],
)  # fmt: skip
def test_a_configuration_that_makes_no_sense_is_refused(config) -> None:
    with pytest.raises(InvalidConfig):
        activities()["quiz"].configured(config)


# scores


def test_a_phone_sees_its_own_score_once_results_are_shown() -> None:
    vote = quiz(ONE, TWO).give("a1", {**says(ONE), **says(TWO, wrong(TWO))}).direct("fermer")

    assert vote.private("a1").score is None
    vote.direct("montrer", where="screen")
    assert vote.private("a1").score == Score(1, 2)
    assert vote.private("a2").score is None


def test_the_podium_is_only_there_when_asked_and_names_only_who_gave_a_pseudonym() -> None:
    forms = {who: says(ONE) for who in PEOPLE.split()}

    assert quiz().all(forms).direct("fermer").results.podium == ()
    # one in two of these people gave a pseudonym
    assert quiz(podium=True).all(forms).direct("fermer").results.podium == (
        Rank(1, "a1", 1), Rank(1, "a3", 1), Rank(1, "e2", 1)
    )  # fmt: skip


@pytest.mark.parametrize(
    ("scores", "places"),
    [
        ([], []),
        ([("a", 0)], []),
        ([("a", 1), ("b", 3), ("c", 2), ("d", 1)], [(1, "b"), (2, "c"), (3, "a"), (3, "d")]),
        ([("a", 2), ("b", 2), ("c", 1), ("d", 0)], [(1, "a"), (1, "b"), (3, "c")]),
        ([("d", 1), ("c", 2), ("b", 3), ("a", 4)], [(1, "a"), (2, "b"), (3, "c")]),
        ([(10, 1), (2, 2)], [(1, 2), (2, 10)]),
    ],
)
def test_equals_share_a_place(scores, places) -> None:
    assert [(rank.place, rank.who) for rank in podium(scores)] == places


# by table


def team(**config: Any) -> Vote:
    return seat(quiz(mode="equipe", **config), a1=1, a2=1, a3=1, e1=2, e2=2)


def test_a_table_answers_what_most_of_its_people_chose() -> None:
    vote = team(podium=True).all(
        answers(a1="juste", a2="juste", a3="faux", e1="juste", e2="faux", e3="juste")
    )

    (question,) = vote.direct("fermer").results.questions

    assert question.tables == (TableAnswer(1, right(ONE), 3), TableAnswer(2, None, 2))
    counts = {choice.letter: (choice.people, choice.tables) for choice in question.choices}
    assert counts[right(ONE)] == ((4,), 1)
    assert counts[wrong(ONE)] == ((2,), 0)
    assert vote.results.podium == (Rank(1, 1, 1),)


def test_whoever_has_no_table_is_told() -> None:
    vote = team()

    assert (vote.private("e3").without_table, vote.private("a1").without_table) == (True, False)
    assert quiz().private("e3").without_table is False


# exports, words


def test_the_sheet_holds_every_choice_with_the_right_one() -> None:
    vote = team(rounds=2).all(answers(a1="juste", a2="faux")).direct("tour")

    (sheet,) = vote.give("a1", says()).tables()

    assert sheet.columns == ("Question", "Choix", "Tour 1", "Tour 2", "Tables", "Bonne réponse")
    line = next(row for row in sheet.rows if row[5])
    assert line[2:] == (1, 1, 1, "oui")
    assert len(sheet.rows) == len(bank()[0].choices)


def test_answers_are_told_in_words() -> None:
    vote = quiz(ONE, TWO)
    first = bank()[0]

    told = vote.activity.told(vote.scene, vote.activity.Value(answers={ONE: "a", TWO: None}))

    assert told == f"1. {first.choices[0].text}\u202f; 2. passe"


# whatever the order


letters = st.sampled_from(["a", "b", "c", "passe"])
votes = st.dictionaries(st.sampled_from(PEOPLE.split()), letters, min_size=1)


@given(votes, st.sampled_from(["individuel", "equipe"]), st.randoms(use_true_random=False))
def test_order_replacement_hiding_and_totals(given_, mode: str, rnd) -> None:
    forms = {who: says(ONE, letter) for who, letter in given_.items()}
    shuffled = list(forms.items())
    rnd.shuffle(shuffled)
    who = shuffled[0][0]

    def held() -> Vote:
        return seat(quiz(mode=mode), a1=1, a2=1, a3=1, e1=2, e2=2)

    vote = held().all(forms)
    results = vote.results

    assert results == held().all(dict(shuffled)).results
    assert results == held().all(dict.fromkeys(forms, says(ONE, "b"))).all(forms).results
    (question,) = results.questions
    assert sum(choice.people[0] for choice in question.choices) == question.answered[0]
    assert question.answered[0] + question.passed[0] == len(forms)
    assert sum(choice.tables for choice in question.choices) <= len(question.tables) <= 2
    rest = {w: form for w, form in forms.items() if w != who}
    assert vote.hide(who).results == held().all(rest).results


def test_many_questions_are_shown_one_by_one_with_their_explanation() -> None:
    quiz = activities()["quiz"]
    names = list(quiz.bank)[:3]
    story = Story(item("reperes", "quiz", questions=names)).people("ana")
    story.add(ev.Opened(item="reperes"), ev.Closed(item="reperes"))
    scene = quiz.scene(story.room, story.room.agenda.items[0])
    assert len(quiz.parts(scene)) == 3

    def drawn() -> str:
        scene = quiz.scene(story.room, story.room.agenda.items[0])
        template = environment().get_template("atelier/quiz_screen.html")
        return template.render(
            scene=scene, config=scene.config, results=quiz.results(scene), item=scene.item,
            stage=scene.stage, activity=quiz,
        )  # fmt: skip

    story.add(ev.Shown(item="reperes", where="screen", visible=True, part=1))
    explained = [quiz.bank[name].explanation[:30] for name in names]
    assert "Question 2 sur 3" in drawn()
    assert [words in drawn().replace("&#39;", "'") for words in explained] == [False, True, False]

    story.add(ev.Shown(item="reperes", where="screen", visible=True))
    assert "Question 2 sur 3" not in drawn()


def test_a_short_quiz_has_no_parts() -> None:
    quiz = activities()["quiz"]
    short = item("court", "quiz", questions=list(quiz.bank)[:2])

    assert quiz.parts(quiz.scene(Story(short).room, short)) == ()
