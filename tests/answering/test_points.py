"""What an answer has to say, and whether another text says it."""

import pytest

from assistant.answering.points import missing, points_of

ANSWER = (
    "Les entreprises agissent surtout au niveau local. [S1] Elles le font par contrat. [S1]\n\n"
    "- **Local** : 68 % [S1]\n"
    "- **Régional** : 44 % [S1][S2]\n\n"
    "1. Qualifier les enjeux. [S2]\n"
    "2. Dialoguer avec le partenaire. [S2]"
)


def test_points_are_sentences_and_items() -> None:
    assert [point.text for point in points_of(ANSWER)] == [
        "Les entreprises agissent surtout au niveau local. [S1]",
        "Elles le font par contrat. [S1]",
        "- **Local** : 68 % [S1]",
        "- **Régional** : 44 % [S1][S2]",
        "1. Qualifier les enjeux. [S2]",
        "2. Dialoguer avec le partenaire. [S2]",
    ]


def absent(*said: str) -> list[str]:
    return [point.bare for point in missing(points_of(ANSWER), said)]


def test_the_same_text_lacks_nothing() -> None:
    assert absent(*(point.bare for point in points_of(ANSWER))) == []


def test_nothing_lacks_everything() -> None:
    assert len(absent()) == 6


@pytest.mark.parametrize(
    ("said", "is_held"),
    [
        ("Au niveau régional, 44 % des entreprises agissent.", True),
        ("Au niveau régional, 68 % des entreprises agissent.", False),
        ("44 % des entreprises agissent.", False),
    ],
)
def test_an_item_needs_its_name_and_its_figure(said: str, is_held: bool) -> None:
    assert ("**Régional** : 44 %" not in absent(said)) is is_held


def test_a_name_and_a_figure_of_two_sentences_are_not_an_item() -> None:
    assert "**Régional** : 44 %" in absent("Le niveau régional compte.", "Le total fait 44 %.")


def test_a_sentence_that_leans_on_the_one_before_comes_with_it() -> None:
    said = [p.bare for p in points_of(ANSWER) if "par contrat" not in p.bare]

    assert absent(*said) == [
        "Les entreprises agissent surtout au niveau local.", "Elles le font par contrat.",
    ]  # fmt: skip


def test_two_sentences_may_say_one_point_of_a_paragraph() -> None:
    assert "Les entreprises agissent surtout au niveau local." not in absent(
        "Les entreprises agissent.", "C'est surtout au niveau local.", "Elles le font par contrat."
    )
