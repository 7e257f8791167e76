"""Text → terms."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.knowledge.analysis import Analyzer, fold, is_informative, stem, stems, words


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("ÉTÉ", "ete"),
        ("Œuvre", "oeuvre"),
        ("cœur", "coeur"),
        ("Æquo", "aequo"),
        ("l’été", "l'ete"),
        ("façon naïve", "facon naive"),
        ("e\u0301te\u0301", "ete"),
    ],
)
def test_fold_removes_case_accents_and_ligatures(written: str, folded: str) -> None:
    assert fold(written) == folded


@given(st.text())
@example("ℋ")
@example("Æ")
@example("ᴭ")
@example("İ")
def test_fold_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_composed_and_decomposed_letters_are_the_same_words(text: str) -> None:
    assert words(unicodedata.normalize("NFD", text)) == words(unicodedata.normalize("NFC", text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("L'alliance d’une association", ["alliance", "une", "association"]),
        ("jusqu'à l'étape", ["a", "etape"]),
        ("1 200 salariés", ["1200", "salaries"]),
        ("1\u202f200\u202f000 €", ["1200000"]),
        ("1,5 million", ["1.5", "million"]),
        ("en 1.500 ans", ["en", "1500", "ans"]),
        ("57 %", ["57"]),
        ("R&D", ["r"]),
        ("auto-diagnostic", ["auto", "diagnostic"]),
        ("", []),
        ("?!… « »", []),
        ("日本語", []),
    ],
)
def test_words_drop_elided_articles_and_keep_numbers_whole(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@given(st.text() | st.text(alphabet="0123456789 .,'’-aéœ\n\x00\ud800"))
def test_words_never_raises_and_gives_plain_words(text: str) -> None:
    found = words(text)
    assert all(word and word == word.lower() and not word.isspace() for word in found)
    assert all(stem(word) for word in found)


def test_one_family_has_one_stem() -> None:
    assert stems("associations") == stems("ASSOCIATION") == stems("association")
    assert stem("2023") == "2023"


def test_short_words_and_numbers_are_not_stemmed() -> None:
    assert [stem(word) for word in ("rse", "odd", "57", "2023")] == ["rse", "odd", "57", "2023"]


@pytest.mark.parametrize("word", ["le", "est", "comment", "pourquoi", "x", "svp"])
def test_small_words_are_not_informative(word: str) -> None:
    assert not is_informative(stem(word))


@pytest.mark.parametrize("word", ["mecenat", "7", "rse", "risque"])
def test_words_of_the_subject_are_informative(word: str) -> None:
    assert is_informative(stem(word))


def test_a_synonym_and_its_term_share_a_concept() -> None:
    analyzer = Analyzer([["association", "asso", "structure associative"], ["mécénat"]])

    assert "§0" in analyzer.terms("mon asso")
    assert "§0" in analyzer.terms("une association")
    assert "§0" in analyzer.terms("Les structures associatives")
    assert analyzer.terms("le mécénat") == [stem("mecenat"), "§1"]


def test_the_longest_expression_wins() -> None:
    analyzer = Analyzer([["mécénat"], ["mécénat de compétences"], ["compétences"]])

    assert [t for t in analyzer.terms("du mécénat de compétences") if t.startswith("§")] == ["§1"]


def test_an_expression_of_two_groups_has_both_concepts() -> None:
    analyzer = Analyzer([["sponsor", "parrain"], ["sponsor", "mécène"]])

    assert analyzer.concepts_of(stems("un sponsor")) == ["§0", "§1"]


def test_a_stop_word_alone_is_never_a_concept() -> None:
    assert Analyzer([["comment", "méthode"]]).concepts_of(stems("comment faire")) == []


def test_informative_leaves_concepts_out() -> None:
    assert Analyzer([["asso", "association"]]).informative("mon asso") == [stem("asso")]
