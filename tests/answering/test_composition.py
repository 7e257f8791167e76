"""The answer is made of the units' own words, every statement marked, within the budget."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.composition import BUDGET, Composition, compose
from assistant.knowledge.sentences import sentences
from assistant.knowledge.unit import Block, BlockKind, Unit
from tests.builders import BULLET, PARAGRAPH, STEP, a_reference, a_unit

MARKER = re.compile(r"\[(S\d+)\]")


def composed(*units: Unit, question: str = "", budget: int = BUDGET) -> Composition:
    return compose(units, question=question, titles={"guide": "Le guide"}, budget=budget)


def bare(text: str) -> str:
    """The answer without its markers."""
    return re.sub(r" ?\[S\d+\]", "", text)


def test_each_sentence_of_a_paragraph_is_marked() -> None:
    unit = a_unit("x", Block(PARAGRAPH, "On arrose. On taille. On récolte."))

    assert composed(unit).text == "On arrose. [S1] On taille. [S1] On récolte. [S1]"


def test_bullets_and_steps_are_marked_and_numbered() -> None:
    unit = a_unit(
        "x",
        "Voici :",
        Block(BULLET, "un"),
        Block(BULLET, "deux"),
        Block(STEP, "a"),
        Block(STEP, "b"),
    )

    assert composed(unit).text == "Voici : [S1]\n\n- un [S1]\n- deux [S1]\n1. a [S1]\n2. b [S1]"


def test_two_lists_of_steps_each_start_at_one() -> None:
    unit = a_unit("x", Block(STEP, "a"), Block(STEP, "b"), "Puis :", Block(STEP, "c"))

    assert composed(unit).text == "1. a [S1]\n2. b [S1]\n\nPuis : [S1]\n\n1. c [S1]"


def test_citations_are_numbered_in_the_order_of_their_first_use() -> None:
    unit = a_unit(
        "x",
        Block(PARAGRAPH, "Un.", (1,)),
        Block(PARAGRAPH, "Deux.", (0,)),
        Block(PARAGRAPH, "Trois.", (1, 0)),
        references=(a_reference(3, "Trois"), a_reference(9, "Neuf")),
    )

    made = composed(unit)

    assert made.text == "Un. [S1]\n\nDeux. [S2]\n\nTrois. [S1][S2]"
    assert [(c.id, c.page, c.section) for c in made.citations] == [
        ("S1", 9, "Neuf"),
        ("S2", 3, "Trois"),
    ]
    assert [c.passage for c in made.citations] == ["Un.\nTrois.", "Deux.\nTrois."]


def test_a_citation_says_where_and_holds_the_whole_passage() -> None:
    (citation,) = composed(a_unit("x", "Un.", "Deux.")).citations

    assert (citation.title, citation.document, citation.page) == (
        "Arroser un jardin",
        "Le guide",
        12,
    )
    assert (citation.passage, citation.url) == ("Un.\nDeux.", "/fiches/x")


def test_a_document_without_a_title_is_named_by_its_id() -> None:
    unit = a_unit("x", references=(a_reference(document="inconnu"),))

    assert composed(unit).citations[0].document == "inconnu"


def test_the_lead_is_kept_and_the_blocks_that_answer_come_before_others() -> None:
    unit = a_unit(
        "x", "Le potager.", Block(BULLET, "tomates " * 9), Block(BULLET, "un engrais vert")
    )

    text = composed(unit, question="quel engrais ?", budget=45).text

    assert text == "Le potager. [S1]\n\n- un engrais vert [S1]"


def test_blocks_keep_their_order() -> None:
    unit = a_unit(
        "x",
        "Lead.",
        Block(BULLET, "premier"),
        Block(BULLET, "engrais " * 20),
        Block(BULLET, "engrais vert"),
    )

    text = composed(unit, question="engrais", budget=40).text

    assert [line for line in bare(text).splitlines() if line] == [
        "Lead.",
        "- premier",
        "- engrais vert",
    ]


def test_a_further_unit_that_does_not_fit_gives_its_lead_and_what_is_nearest() -> None:
    further = a_unit("y", "Deux.", Block(BULLET, "b" * 20), Block(BULLET, "engrais"))

    made = composed(a_unit("x", "Un."), further, question="engrais", budget=30)

    assert bare(made.text) == "Un.\n\nDeux.\n\n- engrais"
    assert [c.url for c in made.citations] == ["/fiches/x", "/fiches/y"]


def test_a_further_unit_whose_lead_does_not_fit_gives_nothing() -> None:
    further = a_unit("y", "d" * 40, Block(BULLET, "engrais"))

    made = composed(a_unit("x", "Un."), further, question="engrais", budget=40)

    assert bare(made.text) == "Un."


def test_a_lead_longer_than_the_budget_gives_its_first_sentences() -> None:
    unit = a_unit("x", "On arrose le soir. On taille en mars. " + "On récolte. " * 9)

    made = composed(unit, budget=40)

    assert made.text == "On arrose le soir. [S1] On taille en mars. [S1]"
    assert made.citations[0].passage == unit.text


def test_a_sentence_longer_than_the_budget_is_given_whole() -> None:
    assert composed(a_unit("x", "mot " * 30 + "fin."), budget=40).text.endswith("fin. [S1]")


def test_later_units_get_what_room_is_left() -> None:
    made = composed(a_unit("x", "a" * 30), a_unit("y", "b" * 30), a_unit("z", "c" * 5), budget=50)

    assert [c.url for c in made.citations] == ["/fiches/x", "/fiches/z"]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Une. Deux ! Trois ? Quatre…", 4),
        ("L’art. 238 bis du CGI. Puis la suite.", 2),
        ("Voir p. 32. Et ensuite.", 2),
        ("Selon M. Dupont, oui.", 1),
        ("Au taux de 57,5 % en 2021.", 1),
        ("Il dit : « Oui. » Elle répond.", 2),
        ("", 1),
    ],
)
def test_sentences_end_where_readers_end_them(text: str, count: int) -> None:
    assert len(sentences(text)) == count


def test_cutting_sentences_loses_no_character_but_spaces() -> None:
    text = "Il dit : «\u00a0Oui.\u00a0» Elle répond. « Non ! » 57 % d’accord. Fin."

    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


_SENTENCES = st.lists(
    st.sampled_from(["On arrose.", "Tailler en mars !", "57 % des jardins.", "« Oui. »", "L’art. 3 dit non.", "mot " * 40]),
    min_size=1, max_size=6,
).map(" ".join)  # fmt: skip


@st.composite
def units(draw: st.DrawFn) -> Unit:
    count = draw(st.integers(1, 3))
    marks = st.lists(st.integers(0, count - 1), min_size=1, max_size=2, unique=True).map(tuple)
    blocks = draw(
        st.lists(
            st.builds(Block, st.sampled_from(BlockKind), _SENTENCES, marks), min_size=1, max_size=6
        )
    )
    return a_unit(
        draw(st.sampled_from("abcdef")),
        *blocks,
        references=tuple(a_reference(n, f"Section {n}") for n in range(count)),
    )


@given(
    st.lists(units(), min_size=1, max_size=3, unique_by=lambda u: u.id),
    st.integers(50, 1_500),
    st.sampled_from(["", "arroser en mars"]),
)
def test_whatever_the_units_the_answer_is_sound(
    given_units: list[Unit], budget: int, question: str
) -> None:
    made = composed(*given_units, question=question, budget=budget)
    used = MARKER.findall(made.text)

    assert (
        list(dict.fromkeys(used))
        == [c.id for c in made.citations]
        == [f"S{n + 1}" for n in range(len(made.citations))]
    )
    assert all(MARKER.search(line) for line in made.text.splitlines() if line.strip())
    passages = {p.text: p.reference for u in given_units for p in u.passages()}
    assert all(c.passage in passages for c in made.citations)
    unprefixed = re.sub(r"(?m)^(- |\d+\. )", "", bare(made.text))
    assert unprefixed.strip()
    shortest = len(sentences(given_units[0].blocks[0].text)[0])
    assert len(re.sub(r"\n+", "\n", unprefixed)) <= max(budget, shortest)
