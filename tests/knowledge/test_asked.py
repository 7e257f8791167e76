"""Questions written apart from the cards: read, kept, and true to the content."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import InvalidContent
from assistant.knowledge.analysis import words
from assistant.knowledge.asked import EMPTY, Code, load_asked, read_asked, write_asked
from assistant.knowledge.corpus import corpus_digest, load_corpus
from assistant.knowledge.embedding import WordHashEmbedder
from tests.builders import CORPUS

LEAST = 10_000  # what abstention and ranking are fitted on


def written(directory: Path, *lines: str) -> Path:
    folder = directory / "apprentissage" / "questions"
    folder.mkdir(parents=True)
    (folder / "partie1.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return directory


def test_a_line_is_a_unit_a_code_and_a_question(tmp_path: Path) -> None:
    first, second = load_asked(written(tmp_path, "carre\t+\tà quoi ?", "*\t-o\tune tarte ?"))

    assert (first.unit, first.code, first.question) == ("carre", Code.ANSWERED, "à quoi ?")
    assert (second.unit, second.code.answered) == (None, False)


@pytest.mark.parametrize("line", ["carre\t+", "carre\t-z\tquoi ?", "carre\t+\t ", "a\t+\tb\tc"])
def test_a_wrong_line_is_named(tmp_path: Path, line: str) -> None:
    with pytest.raises(InvalidContent) as raised:
        load_asked(written(tmp_path, "carre\t+\tà quoi ?", line))

    assert raised.value.details["champ"] == "2"


def test_without_any_file_there_is_no_question(tmp_path: Path) -> None:
    assert load_asked(tmp_path) == ()
    write_asked(tmp_path, (), WordHashEmbedder())
    assert read_asked(tmp_path).owners == EMPTY.owners


def test_what_is_kept_is_found_by_unit_and_by_code(tmp_path: Path) -> None:
    asked = load_asked(written(tmp_path, "carre\t+\tà quoi sert", "carre\t-u\tcomment tricher"))
    embedder = WordHashEmbedder()
    write_asked(tmp_path, asked, embedder)
    index = read_asked(tmp_path)
    vector = embedder.embed_queries(["comment tricher"])

    assert [code for code, _ in index.around("carre", vector)] == [Code.ANSWERED, Code.DISHONEST]
    assert index.around("autre", vector) == []
    assert index.nearest(Code.DISHONEST, vector)[0] == pytest.approx(1, abs=1e-3)
    assert index.nearest(Code.GAP, vector) == [0.0, 0.0]
    assert index.matrix.dtype == np.float16


def test_the_index_follows_these_files(tmp_path: Path) -> None:
    before = corpus_digest(written(tmp_path, "carre\t+\tà quoi sert"))
    (tmp_path / "apprentissage" / "questions" / "partie1.tsv").write_text("carre\t-d\tprix ?\n")

    assert corpus_digest(tmp_path) != before


def test_every_question_is_of_a_unit_that_exists_and_of_one_kind() -> None:
    asked = load_asked(CORPUS)
    units = {unit.id for unit in load_corpus(CORPUS).units}

    assert len(asked) > LEAST
    assert {one.unit for one in asked if one.unit} <= units
    assert min(Counter(one.code for one in asked).values()) >= 100
    said: dict[str, set[bool]] = {}
    for one in asked:
        said.setdefault(" ".join(words(one.question)), set()).add(one.code.answered)
    assert [question for question, kinds in said.items() if len(kinds) > 1] == []
