"""What people say instead of the words of the cards, and what the embedding learns of it."""

import random
from pathlib import Path

import pytest

from assistant.errors import InvalidContent
from assistant.knowledge.asked import Asked, Code
from assistant.knowledge.near_words import FILE, load_near_words, said_otherwise
from assistant.knowledge.stems import stem
from assistant.knowledge.training import batches, training_texts
from assistant.knowledge.unit import UnitKind
from tests.builders import CORPUS, a_unit


def write(directory: Path, text: str) -> Path:
    (directory / FILE).parent.mkdir()
    (directory / FILE).write_text(text, encoding="utf-8")
    return directory


def test_near_words_are_folded_and_found_by_stem(tmp_path: Path) -> None:
    near = load_near_words(write(tmp_path, "echec\traté, laisser tomber\néchecs\tfiasco\n"))

    assert near == {stem("echec"): ("rate", "laisser tomber", "fiasco")}


@pytest.mark.parametrize("line", ["echec", "echec\t", "echec\tfiasco, , four", "un échec\tfiasco"])
def test_a_line_that_says_nothing_is_named(tmp_path: Path, line: str) -> None:
    with pytest.raises(InvalidContent) as error:
        load_near_words(write(tmp_path, f"don\tcadeau\n{line}\n"))

    assert error.value.details["champ"] == "2"


def test_a_question_is_said_otherwise_in_its_known_words_alone() -> None:
    near = {stem("echec"): ("fiasco",), stem("contrat"): ("papier",)}

    said = {said_otherwise("un echec du contrat", near, random.Random(n)) for n in range(40)}

    assert said == {"un fiasco du contrat", "un echec du papier", "un fiasco du papier"}
    assert said_otherwise("bonjour", near, random.Random(1)) == "bonjour"


def test_the_content_says_otherwise_most_words_of_the_cards() -> None:
    near = load_near_words(CORPUS)

    assert len(near) > 1_500
    assert "fiasco" in near[stem("echec")] or "rate" in near[stem("echec")]


def test_questions_written_apart_are_learnt_with_their_unit_when_it_answers_them() -> None:
    unit = a_unit("x", kind=UnitKind.CARD)
    asked = [Asked("x", Code.ANSWERED, "On y gagne quoi ?"), Asked("x", Code.DETAIL, "Quel prix ?")]

    (texts,) = training_texts([unit], asked)

    assert "on y gagne quoi" in texts
    assert "quel prix" not in texts
    assert set(training_texts([unit])[0]) == set(texts) - {"on y gagne quoi"}


def test_most_pairs_have_their_question_said_otherwise() -> None:
    groups = [[f"contrat numero {n}", f"accord numero {n}"] for n in range(300)]
    pairs = [
        pair
        for batch in batches(groups, {stem("contrat"): ("papier",)}, random.Random(3))
        for pair in batch
    ]

    swapped = sum(left.startswith("papier") for left, _ in pairs)
    assert 0.55 < swapped / len(pairs) < 0.9
