"""The word cloud."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.workshop.activities.word_cloud import CloudWord
from assistant.workshop.activity import InvalidConfig, Refused
from tests.workshop.building import activities
from tests.workshop.voting import Vote

PEOPLE = "a1 a2 a3 e1"


def cloud(**config) -> Vote:
    return Vote("nuage", PEOPLE, **config)


def words(*given_: str) -> dict[str, list[str]]:
    return {"mot": list(given_)}


def test_the_same_word_counts_together_whatever_its_case_and_accents() -> None:
    vote = cloud().give("a1", words("Équité", "temps")).give("a2", words("equite"))
    vote.give("a3", words("équité ", "Temps")).give("e1", words("Équité"))

    assert vote.results.words == (CloudWord("Équité", 4, 5), CloudWord("Temps", 2, 2))
    assert vote.results.people == 4


def test_a_word_said_twice_by_one_person_counts_once() -> None:
    assert cloud().give("a1", words("temps", "Temps")).results.words[0].count == 1


def test_empty_fields_are_put_aside_and_none_at_all_is_refused() -> None:
    assert len(cloud().give("a1", words("temps", "  ", "")).results.words) == 1
    with pytest.raises(Refused, match="aucun_mot"):
        cloud().give("a1", words("", " "))


def test_more_words_than_asked_are_refused_with_their_number() -> None:
    with pytest.raises(Refused) as refused:
        cloud(words=2).give("a1", words("un", "deux", "trois"))

    assert (refused.value.name, refused.value.details) == ("trop_de_mots", {"nombre": 2})


@pytest.mark.parametrize(
    "config", [{}, {"question": "x", "words": 0}, {"question": "x", "words": 6}]
)
def test_a_configuration_that_makes_no_sense_is_refused(config) -> None:
    with pytest.raises(InvalidConfig):
        activities()["nuage"].configured(config)


def test_the_sheet_has_a_line_a_word() -> None:
    (sheet,) = cloud().give("a1", words("temps")).give("a2", None).tables()

    assert (sheet.columns, sheet.rows) == (("Mot", "Personnes"), (("temps", 1),))


some = st.lists(
    st.sampled_from(["Temps", "temps", "TEMPS", "équité", "lien"]), min_size=1, max_size=3
)
votes = st.dictionaries(st.sampled_from(PEOPLE.split()), some, min_size=1)


@given(votes, st.randoms(use_true_random=False))
def test_order_replacement_and_hiding(given_, rnd) -> None:
    forms = {who: words(*said) for who, said in given_.items()}
    shuffled = list(forms.items())
    rnd.shuffle(shuffled)
    who = shuffled[0][0]

    vote = cloud().all(forms)

    assert vote.results == cloud().all(dict(shuffled)).results
    assert vote.results == cloud().all(dict.fromkeys(forms, words("avant"))).all(forms).results
    assert all(1 <= word.count <= len(forms) and 1 <= word.size <= 5 for word in vote.results.words)
    rest = {w: form for w, form in forms.items() if w != who}
    assert vote.hide(who).results == cloud().all(rest).results
