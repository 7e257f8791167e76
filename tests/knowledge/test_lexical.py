"""BM25 as arrays gives what the formula gives."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.knowledge.lexical import build_lexical

TERMS = list("abcdefg")
DOCUMENTS = st.lists(st.lists(st.sampled_from(TERMS), max_size=12), min_size=1, max_size=12)
QUERIES = st.lists(st.tuples(st.sampled_from([*TERMS, "absent"]), st.floats(0.1, 2)), max_size=5)


def bm25(documents: list[list[str]], query: list[tuple[str, float]], n: int) -> float:
    """The formula as it stands in the books, one document at a time."""
    k1, b = 1.2, 0.75
    lengths = [max(len(d), 1) for d in documents]
    average = sum(lengths) / len(lengths)
    total = 0.0
    for term, weight in query:
        holding = sum(term in d for d in documents)
        idf = math.log(1 + (len(documents) - holding + 0.5) / (holding + 0.5))
        frequency = documents[n].count(term)
        norm = k1 * (1 - b + b * lengths[n] / average)
        total += weight * idf * frequency * (k1 + 1) / (frequency + norm)
    return total


@given(DOCUMENTS, QUERIES)
def test_scores_are_those_of_the_formula(
    documents: list[list[str]], query: list[tuple[str, float]]
) -> None:
    scores = build_lexical(documents).scores(query)

    assert scores.shape == (len(documents),)
    assert scores == pytest.approx(
        [bm25(documents, query, n) for n in range(len(documents))], abs=1e-4
    )


def test_a_rarer_term_weighs_more_and_an_unknown_one_the_most() -> None:
    index = build_lexical([["a", "b"], ["a"], ["a", "c"]])

    assert 0 < index.weight("a") < index.weight("b") == index.weight("c") <= index.weight("absent")


def test_an_unknown_term_scores_nothing() -> None:
    assert not build_lexical([["a"], ["b"]]).scores([("absent", 1.0)]).any()


def test_nothing_indexed_answers_nothing() -> None:
    index = build_lexical([])

    assert index.scores([("a", 1.0)]).shape == (0,)
    assert index.weight("a") > 0


def test_an_empty_document_is_counted_and_scores_zero() -> None:
    scores = build_lexical([[], ["a"]]).scores([("a", 1.0)])

    assert scores[0] == 0 < scores[1]


def test_what_is_saved_says_everything() -> None:
    index = build_lexical([["a", "b"], ["b"]])
    arrays = index.arrays()

    assert set(arrays) == {"columns", "documents", "weights", "idf", "size"}
    assert np.array_equal(arrays["columns"], [0, 1, 3])
    assert list(index.vocabulary) == ["a", "b"]
