"""Sentences of French prose, out of a stream."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.llm.sentences import LONGEST, SentenceCutter, sentences

ONE = [
    "Voir l'art. 238 bis du CGI.",
    "M. Dupont et Mme. Martin signent.",
    "Voir p. 46 du guide.",
    "Voir n°. 12 du recueil.",
    "La version 1.2 du 3.4 est là.",
    "Des dons, prêts, etc. sont possibles.",
    "Le taux est de 3,5 % du total.",
    "Voir https://odd17.org/a.b?c=d. suite",
    "L. 8241-3 du code du travail.",
    "J. Rigaud en parle.",
    "Il hésite… puis signe.",
    "« Pourquoi ? » demande le maire.",
    "« Non ! » dit-il.",
    "Cf. L'article cité.",
    "Par ex. La Poste.",
    "1. Signer l'accord.",
    "**2**. Signer.",
    "C'est (voir p. 3.) ainsi.",
    "une ligne\nqui continue",
]


@pytest.mark.parametrize("text", ONE)
def test_one_sentence_stays_whole(text: str) -> None:
    assert sentences(text) == [text]


SEVERAL = [
    ("Un don. Un prix.", ["Un don. ", "Un prix."]),
    ("Un don ! Un prix ? Oui.", ["Un don ! ", "Un prix ? ", "Oui."]),
    ("Un don\u202f! Un prix\u202f?", ["Un don\u202f! ", "Un prix\u202f?"]),
    ("Un don… Un prix.", ["Un don… ", "Un prix."]),
    ("Un don... Un prix.", ["Un don... ", "Un prix."]),
    ("« Un don. » Un prix.", ["« Un don. » ", "Un prix."]),
    ("Un « don.\u00a0» Un prix.", ["Un « don.\u00a0» ", "Un prix."]),
    ("(Un don.) Un prix.", ["(Un don.) ", "Un prix."]),
    ("**Un don.** Un prix.", ["**Un don.** ", "Un prix."]),
    ("Un don. [1] Un prix. [2]", ["Un don. [1] ", "Un prix. [2]"]),
    ("Un don.[1][2] Un prix.", ["Un don.[1][2] ", "Un prix."]),
    ("Un don. 【1†source】Un prix.", ["Un don. 【1†source】", "Un prix."]),
    ("Un don.\n[1]\nUn prix.", ["Un don.\n[1]\n", "Un prix."]),
    ("Un don.¹ Un prix.", ["Un don.¹ ", "Un prix."]),
    ("Dons, prix, etc. Puis un bail.", ["Dons, prix, etc. ", "Puis un bail."]),
    ("En 2023. Un prix.", ["En 2023. ", "Un prix."]),
    ("# Titre\nUn don.", ["# Titre\n", "Un don."]),
    ("- un don\n- un prix", ["- un don\n", "- un prix"]),
    ("1. Un don.\n2. Un prix.", ["1. Un don.\n", "2. Un prix."]),
    ("Un titre\n\nla suite", ["Un titre\n\n", "la suite"]),
    ("Voir odd17.org. Un prix.", ["Voir odd17.org. ", "Un prix."]),
    ("Un don. (Un prix.)", ["Un don. ", "(Un prix.)"]),
]


@pytest.mark.parametrize(("text", "expected"), SEVERAL)
def test_sentences_are_told_apart(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_a_sentence_comes_out_as_soon_as_the_next_one_begins() -> None:
    cutter = SentenceCutter()

    assert cutter.feed("Un don. [1] ") == []
    assert cutter.feed("U") == ["Un don. [1] "]


def test_an_opened_bracket_is_waited_for_but_not_for_ever() -> None:
    cutter = SentenceCutter()

    assert cutter.feed("Un don. [") == []
    assert cutter.feed("x" * 500) == ["Un don. "]


def test_a_text_without_end_is_cut() -> None:
    assert [len(s) for s in sentences("a" * (2 * LONGEST + 5))] == [LONGEST, LONGEST, 5]


@given(st.text(alphabet="aB. \n[]1S()«»!?…,é-*", max_size=80), st.data())
def test_joined_sentences_are_the_text_whatever_the_cut(text: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(text)))
    cutter = SentenceCutter()
    made = cutter.feed(text[:place]) + cutter.feed(text[place:]) + cutter.end()

    assert "".join(made) == text
    assert made == sentences(text)
    assert all(made)
