"""What extraction leaves behind is taken out; the sentences stay."""

from collections.abc import Sequence

import pytest

from assistant.knowledge.cleaning import Paragraph, clean, is_heading, running_headers, tidy
from assistant.knowledge.readers import Line, Page


def a_page(*lines: str, number: int | None = 1) -> Page:
    return Page(number, tuple(Line(line) for line in lines))


def texts(pages: Sequence[Page], noise: Sequence[str] = ()) -> list[str]:
    return [paragraph.text for paragraph in clean(pages, noise=noise)]


def test_a_header_that_comes_back_is_taken_out_and_the_text_stays() -> None:
    pages = [
        a_page("Guide du compost 2023", "", f"La phrase {name} reste.", "", str(n), number=n)
        for n, name in enumerate(("première", "deuxième", "troisième"), start=1)
    ]

    assert texts(pages) == [
        "La phrase première reste.",
        "La phrase deuxième reste.",
        "La phrase troisième reste.",
    ]


def test_a_line_seen_twice_is_not_a_header() -> None:
    pages = [a_page("Guide du compost", "", "Une phrase.", number=n) for n in (1, 2)]

    assert running_headers(pages) == set()


def test_a_sentence_that_comes_back_inside_pages_is_kept() -> None:
    filling = ["a un", "b deux", "c trois"]
    pages = [a_page(*filling, "Arrosez le soir.", *filling, number=n) for n in (1, 2, 3)]

    assert "arrosez le soir." not in running_headers(pages)


@pytest.mark.parametrize("rail", ["ÉTAPE {n}", "Étape {n}", "- ÉTAPE {n}", "étape {n}"])
def test_rails_of_steps_are_taken_out(rail: str) -> None:
    lines = [rail.format(n=n) for n in range(1, 8)]

    assert texts([a_page(*lines, "", "On dialogue d'abord.")]) == ["On dialogue d'abord."]


def test_a_title_of_a_step_is_not_a_rail() -> None:
    (heading,) = clean([a_page("Étape 2 : dialoguer")], noise=())

    assert (heading.text, heading.level) == ("Étape 2 : dialoguer", 3)


@pytest.mark.parametrize(
    "label",
    [
        "Télécharger",
        "TÉLÉCHARGER",
        "> Télécharger",
        "[Télécharger](http://x.fr)",
        "  télécharger : ",
    ],
)
def test_labels_of_links_are_taken_out(label: str) -> None:
    assert texts([a_page("Avant.", "", label, "", "Après.")], noise=["Télécharger"]) == [
        "Avant.",
        "Après.",
    ]


def test_a_sentence_with_a_label_inside_is_kept() -> None:
    assert texts([a_page("Il faut télécharger le guide.")], noise=["Télécharger"]) == [
        "Il faut télécharger le guide."
    ]


@pytest.mark.parametrize("line", ["12", "- 12 -", "***", "• • •", "12 / 60"])
def test_page_numbers_and_ornaments_are_taken_out(line: str) -> None:
    assert texts([a_page("Avant.", "", line, "", "Après.")]) == ["Avant.", "Après."]


def test_a_table_of_contents_is_taken_out() -> None:
    assert texts([a_page("Le compost .......... 12", "Les doses\t14", "", "Une phrase.")]) == [
        "Une phrase."
    ]


def test_a_word_cut_at_the_end_of_a_line_is_mended() -> None:
    assert texts([a_page("Un parte-", "nariat durable et", "équilibré.")]) == [
        "Un partenariat durable et équilibré."
    ]


def test_a_compound_word_at_the_end_of_a_line_keeps_what_follows() -> None:
    assert texts([a_page("En Auvergne-", "Rhône-Alpes.")]) == ["En Auvergne- Rhône-Alpes."]


def test_a_sentence_cut_by_a_page_is_rejoined_on_its_first_page() -> None:
    pages = [a_page("Le compost nourrit", number=4), a_page("la terre.", number=5)]

    assert clean(pages, noise=()) == [Paragraph("Le compost nourrit la terre.", 4)]


def test_a_finished_sentence_is_not_joined_to_the_next() -> None:
    assert len(texts([a_page("C'est fini.", "", "et pourtant non")])) == 2


def test_bullets_are_separate_paragraphs() -> None:
    assert texts([a_page("Il faut :", "- de l'eau", "- du temps", "et de la patience")]) == [
        "Il faut :", "- de l'eau", "- du temps et de la patience",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "text", "level"),
    [
        ("## Le compost ##", "Le compost", 2),
        ("**Gras** et *italique*", "Gras et italique", 0),
        ("Un [lien](http://x.fr)", "Un lien", 0),
        ("Une note^{3} et 1^{er}", "Une note et 1er", 0),
        ("du sol<sup>2</sup> et <b>gras</b>", "du sol et gras", 0),
        ("une note¹² ici", "une note ici", 0),
        ("a\u200bb\u00adc", "abc", 0),
        ("snake_case reste", "snake_case reste", 0),
        ("| Tomate|3 kg |", "Tomate | 3 kg", 0),
    ],
)
def test_markup_is_taken_out_of_a_line(raw: str, text: str, level: int) -> None:
    assert tidy(Line(raw)) == (text, level)


@pytest.mark.parametrize(
    "text", ["LES RISQUES", "1.2 Les risques", "II. Les risques", "Étape 3 : choisir"]
)
def test_titles_are_recognised(text: str) -> None:
    assert is_heading(text)


@pytest.mark.parametrize("text", ["Les risques sont nombreux.", "RSE", "", "un mot", "2023"])
def test_sentences_are_not_titles(text: str) -> None:
    assert not is_heading(text)
