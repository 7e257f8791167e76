"""A question is read before it is searched."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.knowledge.analysis import stem
from assistant.knowledge.query import CONCEPT_WEIGHT, CORRECTED_WEIGHT, QueryReader, Word
from tests.builders import a_reader, a_unit, an_index

UNITS = (
    a_unit("arrosage", "On arrose un jardin le soir, jamais à midi.", title="Arroser un jardin"),
    a_unit(
        "taille",
        "On taille un rosier en mars.",
        title="Tailler un rosier",
        questions=("Quand tailler ?",),
    ),
)


@pytest.fixture
def reader() -> QueryReader:
    return a_reader(an_index(UNITS, [["rosier", "rose"], ["compost"]]))


def test_quick_spelling_is_written_out(reader: QueryReader) -> None:
    assert reader.read("pk arroser").text == "pourquoi arroser"
    assert reader.read("PK arroser qqch").text == "pourquoi arroser quelque chose"


def test_quick_spelling_replaces_whole_words_only(reader: QueryReader) -> None:
    assert reader.read("jardi jardinier").text.split()[0] == "jardin"
    assert "pourquoi" not in reader.read("pkw").text


@pytest.mark.parametrize("typed", ["jardni", "jadin", "jarrdin", "jqrdin"])
def test_a_typing_error_is_corrected_and_weighs_less(reader: QueryReader, typed: str) -> None:
    query = reader.read(f"arroser un {typed}")

    assert query.text == "arroser un jardin"
    assert query.words == (Word(stem("arroser"), 1.0), Word(stem("jardin"), 0.5))
    assert dict(query.terms) == {stem("arroser"): 1.0, stem("jardin"): CORRECTED_WEIGHT}


@pytest.mark.parametrize("typed", ["xyzzy", "pq", "jardinerie-du-nord", "kubernetes"])
def test_a_word_like_nothing_known_is_left_alone(reader: QueryReader, typed: str) -> None:
    query = reader.read(typed)

    assert all(word.known == 0 for word in query.words)
    assert query.terms == ()


def test_numbers_are_never_corrected(reader: QueryReader) -> None:
    assert reader.read("2019 ou 1200").words == (Word("2019", 0.0), Word("1200", 0.0))


def test_an_inflected_known_word_is_known(reader: QueryReader) -> None:
    assert reader.read("jardins").words == (Word(stem("jardin"), 1.0),)


def test_a_synonym_adds_its_concept(reader: QueryReader) -> None:
    assert ("§0", CONCEPT_WEIGHT) in reader.read("rosier").terms


def test_small_words_weigh_nothing(reader: QueryReader) -> None:
    query = reader.read("est-ce que c'est pour quand")

    assert (query.words, query.terms) == ((), ())


@pytest.mark.parametrize(
    ("question", "actor"),
    [
        ("Mon asso veut un jardin", "association"),
        ("Je suis une association de quartier", "association"),
        ("un jardin pour ma boîte ?", "entreprise"),
        ("Ma boîtes de conserve", None),
        ("un jardin", None),
    ],
)
def test_who_asks_is_read_from_the_question(
    reader: QueryReader, question: str, actor: str | None
) -> None:
    assert reader.read(question).actor == actor


def test_who_is_said_to_ask_wins(reader: QueryReader) -> None:
    assert reader.read("mon asso veut un jardin", actor="collectivite").actor == "collectivite"


def test_the_same_term_twice_is_searched_once(reader: QueryReader) -> None:
    assert reader.read("jardin jardin JARDINS").terms == ((stem("jardin"), 1.0),)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=80))
def test_any_text_can_be_read(reader: QueryReader, question: str) -> None:
    query = reader.read(question)

    assert all(0 <= word.known <= 1 for word in query.words)
    assert query == reader.read(question)
