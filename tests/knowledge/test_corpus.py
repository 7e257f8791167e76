"""The real content, and how a content directory is read."""

from collections import Counter
from pathlib import Path

import pytest

from assistant.errors import InvalidContent
from assistant.knowledge.content import Term
from assistant.knowledge.corpus import Corpus, corpus_digest, load_corpus, term_slug, term_unit
from assistant.knowledge.unit import UnitKind
from tests.builders import CORPUS, a_card_file, a_sources_file


@pytest.fixture(scope="module")
def real() -> Corpus:
    return load_corpus(CORPUS)


def test_the_real_content_is_as_rich_as_promised(real: Corpus) -> None:
    assert len(real.cards) > 500
    assert len(real.examples) > 60
    assert len(real.terms) > 100
    assert sum(len(sheet.questions) for sheet in (*real.cards, *real.examples)) > 2_000


def test_ids_of_the_real_content_are_unique(real: Corpus) -> None:
    assert [i for i, n in Counter(unit.id for unit in real.units).items() if n > 1] == []


def test_every_statement_of_the_real_content_has_a_source(real: Corpus) -> None:
    documents = {document.id for document in real.documents}
    for unit in real.units:
        if unit.kind in (UnitKind.CARD, UnitKind.EXAMPLE):
            assert unit.references, unit.id
            assert {reference.document for reference in unit.references} <= documents, unit.id
            assert {p.reference for p in unit.passages()} == set(unit.references), unit.id


def test_every_step_has_cards(real: Corpus) -> None:
    assert {card.etape for card in real.cards} >= {1, 2, 3, 4, 5, 6, 7}


def test_units_come_in_the_same_order_each_time(real: Corpus) -> None:
    assert load_corpus(CORPUS).units == real.units


def test_a_faulty_card_is_named(tmp_path: Path) -> None:
    a_sources_file(tmp_path)
    a_card_file(tmp_path, "bonne")
    a_card_file(tmp_path, "mauvaise", etape=12)

    with pytest.raises(InvalidContent) as raised:
        load_corpus(tmp_path)

    assert raised.value.details["fichier"] == "mauvaise.md"


def test_a_faulty_list_entry_is_named_with_its_number(tmp_path: Path) -> None:
    a_sources_file(tmp_path)
    (tmp_path / "glossaire.yaml").write_text(
        "termes:\n- {terme: a, definition: b}\n- {terme: c}\n", encoding="utf-8"
    )

    with pytest.raises(InvalidContent) as raised:
        load_corpus(tmp_path)

    assert raised.value.details["fichier"] == "glossaire.yaml [2]"
    assert raised.value.details["champ"] == "definition"


def test_a_list_that_is_missing_is_named(tmp_path: Path) -> None:
    (tmp_path / "sources.yaml").write_text("autre: 1\n", encoding="utf-8")

    with pytest.raises(InvalidContent) as raised:
        load_corpus(tmp_path)

    assert raised.value.details["champ"] == "documents"


def test_the_digest_changes_with_a_byte_and_with_a_name(tmp_path: Path) -> None:
    card = a_card_file(tmp_path, "une")
    first = corpus_digest(tmp_path)
    (tmp_path / "notes.txt").write_text("hors contenu")
    assert corpus_digest(tmp_path) == first

    card.write_text(card.read_text(encoding="utf-8") + " ", encoding="utf-8")
    second = corpus_digest(tmp_path)
    card.rename(card.with_name("autre.md"))

    assert len({first, second, corpus_digest(tmp_path)}) == 3


def test_a_term_answers_by_each_of_its_names() -> None:
    term = Term(
        terme="mécénat de compétences",
        definition="Un prêt.",
        abreviations=("MC",),
        synonymes=("prêt",),
    )

    unit = term_unit(term)

    assert unit.id == "terme-mecenat-de-competences"
    assert unit.title == "mécénat de compétences (MC)"
    assert {"Qu’est-ce que MC\u202f?", "MC\u00a0: définition"} <= set(unit.questions)
    assert unit.references[0].document == "glossaire"


def test_a_slug_is_plain() -> None:
    assert term_slug("L'Œuvre — d'été !") == "l-oeuvre-d-ete"


@pytest.mark.parametrize(
    "name",
    ["fiches/a.md", "exemples/a.md", "hors_champ/a.yaml", "glossaire.yaml", "sources.yaml"],
)
def test_the_digest_follows_everything_that_is_indexed(tmp_path: Path, name: str) -> None:
    before = corpus_digest(tmp_path)
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("contenu", encoding="utf-8")

    assert corpus_digest(tmp_path) != before


def test_the_digest_ignores_words_that_are_never_searched(tmp_path: Path) -> None:
    before = corpus_digest(tmp_path)
    (tmp_path / "messages.yaml").write_text("a: b", encoding="utf-8")

    assert corpus_digest(tmp_path) == before
