"""One contract, three vector stores; and Chroma finds what brute force finds."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import IndexUnavailable
from assistant.knowledge.embedding import Vectors, normalized
from assistant.knowledge.vectors import (
    ChromaClient,
    ChromaVectorIndex,
    InMemoryVectorIndex,
    MappedVectorIndex,
    Record,
    VectorIndex,
)


@pytest.fixture(params=["in memory", "mapped", "chroma"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> VectorIndex:
    if request.param == "chroma":
        return ChromaClient(tmp_path / "chroma").collection("essai")
    if request.param == "mapped":
        return MappedVectorIndex(tmp_path / "essai")
    return InMemoryVectorIndex()


def axis(*values: float) -> Vectors:
    return normalized(np.array([values], dtype=np.float32))


def records(*ids: str) -> list[Record]:
    return [Record(i, f"texte de {i}") for i in ids]


def test_the_nearest_come_best_first_with_their_cosine(index: VectorIndex) -> None:
    index.add(records("a", "b", "c"), np.concatenate([axis(1, 0), axis(0, 1), axis(1, 1)]))

    found = index.nearest(axis(1, 0), 2)

    assert [i for i, _ in found] == ["a", "c"]
    assert [c for _, c in found] == pytest.approx([1.0, 2**-0.5], abs=1e-5)


def test_asking_for_more_than_there_is_gives_all(index: VectorIndex) -> None:
    index.add(records("a", "b"), np.concatenate([axis(1, 0), axis(0, 1)]))

    assert [i for i, _ in index.nearest(axis(1, 0), 80)] == ["a", "b"]


def test_ties_are_broken_by_id(index: VectorIndex) -> None:
    index.add(records("z", "m", "a"), np.concatenate([axis(1, 0)] * 3))

    assert [i for i, _ in index.nearest(axis(1, 0), 3)] == ["a", "m", "z"]


def test_an_empty_index_finds_nothing(index: VectorIndex) -> None:
    assert index.count() == 0
    assert index.nearest(axis(1, 0), 5) == []


def test_opposite_vectors_have_a_negative_cosine(index: VectorIndex) -> None:
    index.add(records("a"), axis(-1, 0))

    assert index.nearest(axis(1, 0), 1)[0][1] == pytest.approx(-1.0, abs=1e-5)


def test_what_is_added_twice_stands_side_by_side(index: VectorIndex) -> None:
    index.add(records("a"), axis(1, 0))
    index.add(records("b"), axis(0, 1))

    assert index.count() == 2
    assert [i for i, _ in index.nearest(axis(0, 1), 2)] == ["b", "a"]


def test_everything_is_given_where_comparing_with_all_is_cheap(index: VectorIndex) -> None:
    vectors = np.concatenate([axis(1, 0), axis(0, 1), axis(1, 1)])
    index.add(records("c", "a", "b"), vectors)

    everything = index.matrix()

    if isinstance(index, ChromaVectorIndex):
        assert everything is None
        return
    assert everything is not None
    stored = dict(zip(*everything, strict=True))
    assert everything[1].dtype == np.float32
    assert np.allclose([stored["c"], stored["a"], stored["b"]], vectors, atol=1e-6)


def test_chroma_loses_almost_no_true_neighbour(tmp_path: Path) -> None:
    random = np.random.default_rng(7)
    vectors = normalized(random.normal(size=(3_000, 256)))
    questions = normalized(random.normal(size=(100, 256)))
    stored = records(*(f"{n:04}" for n in range(3_000)))
    exact, approximate = (
        InMemoryVectorIndex(),
        ChromaClient(tmp_path / "chroma").collection("essai"),
    )
    exact.add(stored, vectors)
    approximate.add(stored, vectors)

    found = 0
    for question in questions:
        truth = {i for i, _ in exact.nearest(question[None], 10)}
        found += len(truth & {i for i, _ in approximate.nearest(question[None], 10)})

    assert approximate.count() == 3_000
    assert found / 1_000 >= 0.99


def test_more_records_than_a_batch_are_all_stored(tmp_path: Path) -> None:
    client = ChromaClient(tmp_path / "chroma")
    collection = client.collection("essai")
    collection._batch = 10
    vectors = normalized(np.random.default_rng(1).normal(size=(25, 8)))

    collection.add(records(*(f"{n:02}" for n in range(25))), vectors)

    assert collection.count() == 25
    assert collection.nearest(vectors[24:25], 1)[0][0] == "24"


def test_what_is_closed_can_be_moved_and_opened_again(tmp_path: Path) -> None:
    client = ChromaClient(tmp_path / "ici")
    client.collection("essai").add(records("a"), axis(1, 0))
    client.close()
    (tmp_path / "ici").rename(tmp_path / "là")

    assert ChromaClient(tmp_path / "là").collection("essai").nearest(axis(1, 0), 1)[0][0] == "a"


def _a_file(path: Path) -> None:
    path.write_text("pas un dossier")


def _garbage(path: Path) -> None:
    path.mkdir()
    (path / "chroma.sqlite3").write_bytes(b"ceci n'est pas une base" * 500)


@pytest.mark.parametrize("spoil", [_a_file, _garbage])
def test_a_directory_that_is_not_an_index_is_an_error_of_ours(
    tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    spoil(tmp_path / "chroma")

    with pytest.raises(IndexUnavailable):
        ChromaClient(tmp_path / "chroma").collection("essai")
