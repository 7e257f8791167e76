"""A set of units that is searched together: ours, or the imported documents.

Ours are cards, sheets, terms and off-topic subjects. Each shelf has its own statistics and its
own vectors, so that thousands of imported passages neither drown the cards nor change how they
rank.
"""

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.knowledge.analysis import Analyzer
from assistant.knowledge.embedding import Embedder, Vectors
from assistant.knowledge.holding import HeldIndex, build_held
from assistant.knowledge.lexical import (
    LexicalIndex,
    OverlapIndex,
    build_lexical,
    build_overlap,
)
from assistant.knowledge.unit import Passage, Unit, UnitKind, unit_from_json
from assistant.knowledge.vectors import Record, VectorIndex

TITLE_WEIGHT = 2  # a title's terms count twice in the lexical text of a unit
BATCH = 2_500
NEIGHBOURS = 200  # records asked of an index that is not compared as a whole

Scores = NDArray[np.float32]

Progress = Callable[[int, int], None]  # done, total


@dataclass(frozen=True)
class Cosines:
    """The cosine of the best record of each unit, out of one vector index.

    Compared with every record where the index gives its ``matrix``. Elsewhere the ``NEIGHBOURS``
    nearest are asked of it, and every other unit gets the lowest cosine among them: what it has
    is at most that, and a cliff would reorder units at random. ``numbers`` gives the number of
    a unit by its id, which a record's id begins with.
    """

    vectors: VectorIndex
    numbers: dict[str, int]
    records: int
    matrix: Vectors | None = None
    rows: NDArray[np.int32] | None = None

    def of(self, vector: Vectors) -> Scores:
        """The best cosine of each unit with ``vector`` (1, d); shape ``(units,)``."""
        best = np.zeros(len(self.numbers), dtype=np.float32)
        if not self.records:
            return best
        if self.matrix is not None and self.rows is not None:
            np.maximum.at(best, self.rows, self.matrix @ vector[0])
            return best
        found = self.vectors.nearest(vector, min(NEIGHBOURS, self.records))
        best[:] = max(found[-1][1], 0.0) if len(found) == NEIGHBOURS else 0.0
        for record, cosine in found:
            number = self.numbers[unit_of(record)]
            best[number] = max(best[number], cosine)
        return best


def cosines(vectors: VectorIndex, numbers: dict[str, int], records: int) -> Cosines:
    """Open ``records`` records of an index."""
    everything = vectors.matrix()
    if everything is None or not records:
        return Cosines(vectors, numbers, records)
    ids, matrix = everything
    rows = np.array([numbers[unit_of(record)] for record in ids], dtype=np.int32)
    return Cosines(vectors, numbers, records, matrix, rows)


def unit_of(record_id: str) -> str:
    """The unit that a record belongs to: ``unit|3`` is a question, ``unit#1`` a passage."""
    return record_id.replace("#", "|").rsplit("|", 1)[0]


@dataclass(frozen=True)
class Shelf:
    """Units with what finds them.

    ``question_owners[i]`` is the number in ``units`` of the unit that question ``i`` asks for.
    ``bodies`` has the texts of :func:`said_in`.
    """

    units: tuple[Unit, ...]
    whole: LexicalIndex
    titles: OverlapIndex
    questions: OverlapIndex
    question_owners: NDArray[np.int32]
    bodies: HeldIndex
    by_question: Cosines
    by_passage: Cosines
    numbers: dict[str, int]

    def unit(self, unit_id: str) -> Unit | None:
        """The unit with that id, if there is one."""
        number = self.numbers.get(unit_id)
        return None if number is None else self.units[number]

    def passages(self) -> dict[str, Passage]:
        """Every passage by id."""
        return {passage.id: passage for unit in self.units for passage in unit.passages()}

    def holds(self, number: int, term: str) -> bool:
        """Whether unit ``number`` has ``term`` in its title, its body or its questions."""
        column = self.whole.documents_of(term)
        place = int(np.searchsorted(column, number))
        return place < len(column) and int(column[place]) == number

    def records(self) -> int:
        """How many vectors the shelf has."""
        return self.by_question.vectors.count() + self.by_passage.vectors.count()


def lexical_terms(unit: Unit, analyzer: Analyzer) -> list[str]:
    """The terms of a unit: title (weighted), body, questions."""
    terms = analyzer.terms(unit.title) * TITLE_WEIGHT
    terms += analyzer.terms(unit.text.replace("**", ""))
    for question in unit.questions:
        terms += analyzer.terms(question)
    return terms


def said_in(unit: Unit) -> list[str]:
    """What a unit says, title first; of an off-topic subject, each of its questions.

    An off-topic subject says where else to look: its questions are what it has of its subject.
    Imported passages are ranked without this: thousands of them would weigh for nothing.
    """
    if unit.kind is UnitKind.IMPORTED:
        return []
    if unit.kind is UnitKind.OFF_TOPIC:
        return list(unit.questions)
    return [f"{unit.title}\n{unit.text}".replace("**", "")]


def question_records(units: Sequence[Unit]) -> list[tuple[Record, int]]:
    """Each authored question with the number of its unit."""
    return [
        (Record(f"{unit.id}|{number}", None), owner)
        for owner, unit in enumerate(units)
        for number in range(len(unit.questions))
    ]


def passage_records(units: Sequence[Unit]) -> list[tuple[Record, int]]:
    """Each passage with the number of its unit."""
    return [
        (Record(passage.id, passage.text), owner)
        for owner, unit in enumerate(units)
        for passage in unit.passages()
    ]


def count_records(units: Sequence[Unit]) -> int:
    """How many vectors the units need."""
    return sum(len(unit.questions) + len(unit.passages()) for unit in units)


def write_shelf(
    directory: Path,
    *,
    units: Sequence[Unit],
    analyzer: Analyzer,
    embedder: Embedder,
    by_question: VectorIndex,
    by_passage: VectorIndex,
    progress: Progress | None = None,
) -> None:
    """Index ``units`` into ``directory`` and the two vector indexes."""
    directory.mkdir()
    questions_of = [(owner, q) for owner, unit in enumerate(units) for q in unit.questions]
    with ThreadPoolExecutor(1) as beside:  # Chroma works outside Python's lock: use both cores
        stored = beside.submit(_store_vectors, units, embedder, by_question, by_passage, progress)
        whole = build_lexical([lexical_terms(unit, analyzer) for unit in units])
        titles = build_overlap([analyzer.terms(unit.title) for unit in units])
        questions = build_overlap([analyzer.terms(question) for _, question in questions_of])
        said = [[analyzer.terms(text) for text in said_in(unit)] for unit in units]
        bodies = build_held(said, whole.vocabulary)
        stored.result()
    _save_lexical(directory, "whole", whole)
    for name, overlap in (("titles", titles), ("questions", questions)):
        _save_lexical(directory, name, overlap.terms)
        np.save(directory / f"{name}-totals.npy", overlap.totals)
    np.savez(directory / "bodies.npz", allow_pickle=False, **bodies.arrays())
    np.save(directory / "owners.npy", np.array([n for n, _ in questions_of], dtype=np.int32))
    with (directory / "units.jsonl").open("w", encoding="utf-8") as lines:
        lines.writelines(json.dumps(u.to_json(), ensure_ascii=False) + "\n" for u in units)


def _store_vectors(
    units: Sequence[Unit],
    embedder: Embedder,
    by_question: VectorIndex,
    by_passage: VectorIndex,
    progress: Progress | None,
) -> None:
    total = count_records(units)
    done = 0
    for vectors, records, texts in (
        (by_question, question_records(units), [q for unit in units for q in unit.questions]),
        (by_passage, *_read_under_title(units)),
    ):
        for start in range(0, len(records), BATCH):
            batch = [record for record, _ in records[start : start + BATCH]]
            vectors.add(batch, embedder.embed_passages(texts[start : start + BATCH]))
            done += len(batch)
            if progress:
                progress(done, total)


def read_shelf(directory: Path, *, by_question: VectorIndex, by_passage: VectorIndex) -> Shelf:
    """Open what :func:`write_shelf` wrote."""
    with (directory / "units.jsonl").open(encoding="utf-8") as lines:
        units = tuple(unit_from_json(json.loads(line)) for line in lines)
    numbers = {unit.id: number for number, unit in enumerate(units)}
    asked = sum(len(unit.questions) for unit in units)
    whole = _load_lexical(directory, "whole")
    return Shelf(
        units=units,
        whole=whole,
        titles=_load_overlap(directory, "titles"),
        questions=_load_overlap(directory, "questions"),
        question_owners=np.load(directory / "owners.npy"),
        bodies=_load_held(directory, "bodies", whole.vocabulary),
        by_question=cosines(by_question, numbers, asked),
        by_passage=cosines(by_passage, numbers, count_records(units) - asked),
        numbers=numbers,
    )


def _read_under_title(
    units: Sequence[Unit],
) -> tuple[list[tuple[Record, int]], list[str]]:
    """The passages, and the texts whose vectors are stored: each under its unit's title."""
    records = passage_records(units)
    texts = [f"{units[owner].title}. {record.text}".replace("**", "") for record, owner in records]
    return records, texts


def _save_lexical(directory: Path, name: str, index: LexicalIndex) -> None:
    np.savez(directory / f"{name}.npz", allow_pickle=False, **index.arrays())
    write_json(directory / f"{name}.json", list(index.vocabulary))


def _load_lexical(directory: Path, name: str) -> LexicalIndex:
    with np.load(directory / f"{name}.npz", allow_pickle=False) as arrays:
        terms = read_json(directory / f"{name}.json")
        return LexicalIndex(
            vocabulary={term: number for number, term in enumerate(terms)},
            columns=arrays["columns"],
            documents=arrays["documents"],
            weights=arrays["weights"],
            idf=arrays["idf"],
            size=int(arrays["size"][0]),
        )


def _load_overlap(directory: Path, name: str) -> OverlapIndex:
    return OverlapIndex(_load_lexical(directory, name), np.load(directory / f"{name}-totals.npy"))


def _load_held(directory: Path, name: str, vocabulary: dict[str, int]) -> HeldIndex:
    with np.load(directory / f"{name}.npz", allow_pickle=False) as arrays:
        return HeldIndex(
            vocabulary=vocabulary,
            columns=arrays["columns"],
            documents=arrays["documents"],
            starts=arrays["starts"],
            size=int(arrays["size"][0]),
        )


def write_json(path: Path, data: object) -> None:
    """Write compact UTF-8 JSON."""
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")


def read_json(path: Path) -> Any:
    """Read JSON."""
    return json.loads(path.read_text(encoding="utf-8"))
