"""Cards, sheets and glossary: what is accepted, and how a fault is named."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import InvalidContent
from assistant.knowledge.analysis import words
from assistant.knowledge.content import (
    Card,
    Example,
    Term,
    parse_blocks,
    parse_front_matter,
    validate,
)
from assistant.knowledge.unit import Block, BlockKind
from tests.builders import a_card_file


def a_card(path: Path) -> Card:
    return validate(Card, parse_front_matter(path), name=path.name)


def test_a_card_becomes_a_typeset_unit(tmp_path: Path) -> None:
    path = a_card_file(
        tmp_path, "arrosage", titre="L'eau : quand ?", etape=2, acteurs=["association"],
        voir_aussi=["taille"], body="L'eau coule.\n\n- Le soir.",
    )  # fmt: skip

    unit = a_card(path).to_unit()

    assert (unit.id, unit.title, unit.step) == ("arrosage", "L’eau\u00a0: quand\u202f?", 2)
    assert unit.blocks == (
        Block(BlockKind.PARAGRAPH, "L’eau coule."),
        Block(BlockKind.BULLET, "Le soir."),
    )
    assert unit.references[0].page == 2
    assert unit.questions[0] == "Quoi arrosage\u202f?"
    assert (unit.actors, unit.see_also, unit.url) == (
        ("association",),
        ("taille",),
        "/fiches/arrosage",
    )


@pytest.mark.parametrize(
    ("fault", "field"),
    [
        ({"etape": 8}, "etape"),
        ({"etape": 0}, "etape"),
        ({"id": "Pas Un Slug"}, "id"),
        ({"nature": "poeme"}, "nature"),
        ({"acteurs": ["mairie"]}, "acteurs.0"),
        ({"questions": ["Une seule ?"]}, "questions"),
        ({"sources": []}, "sources"),
        ({"sources": [{"document": "manuel", "page": 2}]}, "sources.0.section"),
        ({"titre": "   "}, "titre"),
        ({"inconnu": 1}, "inconnu"),
        ({"voir_aussi": ["É"]}, "voir_aussi.0"),
    ],
)
def test_a_wrong_field_is_named_with_its_file(
    tmp_path: Path, fault: dict[str, object], field: str
) -> None:
    path = a_card_file(tmp_path, "fautive", **fault)  # type: ignore[arg-type]

    with pytest.raises(InvalidContent) as raised:
        a_card(path)

    assert raised.value.name == "champ_invalide"
    assert (raised.value.details["fichier"], raised.value.details["champ"]) == (path.name, field)


def test_a_figure_must_be_dated(tmp_path: Path) -> None:
    with pytest.raises(InvalidContent) as raised:
        a_card(a_card_file(tmp_path, nature="chiffre"))

    assert "date_valeur" in str(raised.value.details)
    assert (
        a_card(a_card_file(tmp_path, nature="chiffre", date_valeur="2021-09")).date_valeur
        == "2021-09"
    )


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Pas d'en-tête du tout.", "entete_manquant"),
        ("---\nid: x\n", "entete_manquant"),
        ("avant\n---\nid: x\n---\ncorps", "entete_manquant"),
        ("---\nid: [x\n---\ncorps", "yaml_invalide"),
        ("---\n- une\n- liste\n---\ncorps", "yaml_invalide"),
        ("---\n!!python/object/apply:os.system ['true']\n---\ncorps", "yaml_invalide"),
    ],
)
def test_a_broken_head_is_named_with_its_file(tmp_path: Path, text: str, name: str) -> None:
    path = tmp_path / "cassee.md"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(InvalidContent) as raised:
        parse_front_matter(path)

    assert (raised.value.name, raised.value.details["fichier"]) == (name, "cassee.md")


def test_a_card_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    path = tmp_path / "latin.md"
    path.write_bytes("---\nid: été\n---\ncorps".encode("latin-1"))

    with pytest.raises(InvalidContent) as raised:
        parse_front_matter(path)

    assert raised.value.details["fichier"] == "latin.md"


def test_a_card_saved_on_windows_is_read(tmp_path: Path) -> None:
    path = a_card_file(tmp_path)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))

    assert len(a_card(path).blocks()) == 3


def test_three_dashes_in_the_body_do_not_end_the_head(tmp_path: Path) -> None:
    path = a_card_file(tmp_path, body="Avant.\n\n---\n\nAprès.")

    assert "Après." in a_card(path).body


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Seul.", [(BlockKind.PARAGRAPH, "Seul.", (0,))]),
        ("Deux.[^2]", [(BlockKind.PARAGRAPH, "Deux.", (1,))]),
        ("Deux.[^1][^2]", [(BlockKind.PARAGRAPH, "Deux.", (0, 1))]),
        ("- Un\n- Deux [^2]", [(BlockKind.BULLET, "Un", (0,)), (BlockKind.BULLET, "Deux", (1,))]),
        ("1. Un\n2) Deux", [(BlockKind.STEP, "Un", (0,)), (BlockKind.STEP, "Deux", (0,))]),
        ("- Un\n  et la suite", [(BlockKind.BULLET, "Un et la suite", (0,))]),
        ("Un\n\nDeux", [(BlockKind.PARAGRAPH, "Un", (0,)), (BlockKind.PARAGRAPH, "Deux", (0,))]),
    ],
)
def test_bodies_are_cut_into_marked_blocks(
    body: str, expected: list[tuple[BlockKind, str, tuple[int, ...]]]
) -> None:
    assert [(b.kind, b.text, b.references) for b in parse_blocks(body, sources=2)] == expected


@pytest.mark.parametrize("mark", ["[^0]", "[^3]", "[^99]"])
def test_a_mark_without_a_source_is_refused(mark: str) -> None:
    with pytest.raises(InvalidContent) as raised:
        parse_blocks(f"Une phrase.{mark}", sources=2)

    assert raised.value.name == "marque_sans_source"


_WORDS = st.lists(
    st.sampled_from("alliance eau l'été 57 % dialogue Ça co-construire".split()), min_size=1
)
_PARAGRAPHS = _WORDS.map(" ".join)
_LISTS = st.lists(_PARAGRAPHS, min_size=1, max_size=5)


@given(st.lists(st.tuples(st.sampled_from(["", "- ", "1. "]), _LISTS), min_size=1, max_size=6))
def test_no_word_of_a_body_is_lost_or_repeated(parts: list[tuple[str, list[str]]]) -> None:
    body = "\n\n".join("\n".join(prefix + line for line in lines) for prefix, lines in parts)
    said = " ".join(line for _, lines in parts for line in lines)

    kept = " ".join(block.text for block in parse_blocks(body, sources=1))

    assert words(kept) == words(said)


def test_a_glossary_term_lists_its_own_form_first() -> None:
    term = Term(
        terme="RSE", definition="…", abreviations=("R",), synonymes=("s",), variantes=("v",)
    )

    assert term.forms() == ("RSE", "R", "s", "v")


def test_an_example_needs_an_organisation() -> None:
    with pytest.raises(InvalidContent) as raised:
        validate(Example, {"organisations": []}, name="exemple.md")

    assert raised.value.details["fichier"] == "exemple.md"
