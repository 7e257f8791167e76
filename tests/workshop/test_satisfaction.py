"""Satisfaction: averages of at least three people, and words that nothing ties to marks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.workshop.activity import InvalidConfig, Refused
from tests.workshop.playing import Play, blind, rectangular, text_of

TWO = [{"id": "utile", "label": "Utile"}, {"id": "rythme", "label": "Le rythme"}]
NAMES = ("ana", "bob", "cem", "dia")


def asked(**config) -> Play:
    return Play("satisfaction", **{"questions": TWO, **config}).comes(*NAMES).opens()


def opinion(utile="", rythme="", word="") -> dict[str, list[str]]:
    return {"note.utile": [str(utile)], "note.rythme": [str(rythme)], "mot": [word]}


def test_averages_and_counts_of_three_people_or_more() -> None:
    played = asked()
    for who, mark in zip(NAMES, (5, 4, 4, 2), strict=True):
        played.says(who, opinion(mark, "3" if who in ("ana", "bob") else ""))

    useful, pace = played.results.averages
    assert (useful.people, useful.mean, useful.counts) == (4, 3.8, (0, 1, 0, 2, 1))
    assert useful.share == 3.8 / 5
    assert (pace.people, pace.mean, pace.counts, pace.share) == (2, None, None, 0.0)
    assert played.sheets()[0] == [
        ("Utile", 4, 3.8, 0, 1, 0, 2, 1),
        ("Le rythme", 2, None, None, None, None, None, None),
    ]
    assert rectangular(played.activity.tables(played.scene))


def test_words_come_in_alphabetical_order_without_a_name_or_a_mark() -> None:
    played = asked().says("bob", opinion(1, 1, "  Vivant ")).says("ana", opinion(word="Court"))

    assert [word.text for word in played.results.words] == ["Court", "Vivant"]
    assert played.sheets()[1] == [("Court",), ("Vivant",)]
    assert not {"ana", "bob"} & set(text_of(played.results).split("'"))
    value = played.activity.value(played.scene.mine("bob")[0])
    assert played.activity.said(value) == "Vivant"


def test_marks_without_a_word_say_nothing_to_who_moderates() -> None:
    played = asked().says("bob", opinion(1, 1))

    told = played.activity.said(played.activity.value(played.scene.mine("bob")[0]))
    assert told == "Avis donné"
    assert not any(figure in told for figure in "12345")


def test_without_questions_those_of_the_content_are_asked() -> None:
    config = Play("satisfaction").scene.config

    assert [q.id for q in config.questions] == ["q1", "q2", "q3", "q4"]
    assert config.word


def test_without_words_there_is_no_sheet_of_words_and_a_word_is_refused() -> None:
    played = asked(word=False)

    assert len(played.sheets()) == 1
    with pytest.raises(Refused):
        played.says("ana", opinion(3, 3, "mot"))


@pytest.mark.parametrize(
    "form",
    [
        opinion(),
        opinion(0),
        opinion(6),
        opinion("x"),
        {"note.ailleurs": ["3"]},
        opinion(word="x" * 201),
        {},
    ],
)
def test_what_is_no_opinion_is_refused(form) -> None:
    with pytest.raises(Refused):
        asked().says("ana", form)


@pytest.mark.parametrize("config", [{"questions": []}, {"questions": [*TWO, TWO[0]]}, {"autre": 1}])
def test_a_wrong_form_is_refused(config) -> None:
    with pytest.raises(InvalidConfig):
        asked().activity.configured(config)


def test_an_abstention_is_an_answer_and_counts_in_no_average() -> None:
    played = asked().says("ana", None).says("bob", opinion(3))

    assert (played.scene.abstentions, played.scene.contributors) == (1, 2)
    assert played.results.people == 1


ANSWERS = st.lists(
    st.tuples(st.sampled_from(NAMES), st.integers(1, 5), st.sampled_from(["", "Merci", "Vif"])),
    max_size=8,
)


@given(ANSWERS, st.randoms())
def test_only_the_last_answer_of_each_counts_in_any_order(said, random) -> None:
    def played(order) -> Play:
        made = asked()
        for who, mark, word in order:
            made.says(who, opinion(mark, mark, word))
        return made

    last = [(who, *rest) for who, rest in {w: (m, x) for w, m, x in said}.items()]
    one, other = played(said), played(random.sample(last, len(last)))
    assert blind(one.results) == blind(other.results)
    assert one.results.people == len(last)
    average = one.results.averages[0]
    assert average.counts is None or sum(average.counts) == average.people
    assert (average.mean is None) == (len(last) < 3)


@given(ANSWERS)
def test_what_is_hidden_counts_for_nothing(said) -> None:
    played = asked()
    for who, mark, word in said:
        played.says(who, opinion(mark, mark, word))
    for who in {who for who, _, _ in said}:
        played.hides(who)

    assert (played.results.people, played.results.words) == (0, ())
    assert all(average.people == 0 for average in played.results.averages)
