"""A set of units that is searched together: ours, or the imported documents.

Ours are cards, sheets, terms and off-topic subjects. Each shelf has its own statistics and its
own vectors, so that thousands of imported passages neither drown the cards nor change how they
rank.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.knowledge.analysis import Analyzer
from assistant.knowledge.embedding import Embedder
from assistant.knowledge.lexical import (
    LexicalIndex,
    OverlapIndex,
    build_lexical,
    build_overlap,
)
from assistant.knowledge.unit import Passage, Unit, unit_from_json
from assistant.knowledge.vectors import Record, VectorIndex

TITLE_WEIGHT = 2  # a title's terms count twice in the lexical text of a unit
BATCH = 1_000

Progress = Callable[[int, int], None]  # done, total


@dataclass(frozen=True)
class Shelf:
    """Units with what finds them.

    ``question_owners[i]`` is the number in ``units`` of the unit that question ``i`` asks for.
    """

    units: tuple[Unit, ...]
    whole: LexicalIndex
    titles: OverlapIndex
    questions: OverlapIndex
    question_owners: NDArray[np.int32]
    vectors: VectorIndex
    numbers: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.numbers.update({unit.id: number for number, unit in enumerate(self.units)})

    def unit(self, unit_id: str) -> Unit | None:
        """The unit with that id, if there is one."""
        number = self.numbers.get(unit_id)
        return None if number is None else self.units[number]

    def passages(self) -> dict[str, Passage]:
        """Every passage by id."""
        return {passage.id: passage for unit in self.units for passage in unit.passages()}


def lexical_terms(unit: Unit, analyzer: Analyzer) -> list[str]:
    """The terms of a unit: title (weighted), body, questions."""
    terms = analyzer.terms(unit.title) * TITLE_WEIGHT
    terms += analyzer.terms(unit.text.replace("**", ""))
    for question in unit.questions:
        terms += analyzer.terms(question)
    return terms


def records_of(units: Sequence[Unit]) -> list[Record]:
    """What is embedded: each question, and each passage; ids begin with ``q|`` or ``p|``."""
    records: list[Record] = []
    for unit in units:
        records.extend(
            Record(f"q|{unit.id}|{number}", question)
            for number, question in enumerate(unit.questions)
        )
        records.extend(Record(f"p|{passage.id}", passage.text) for passage in unit.passages())
    return records


def write_shelf(
    directory: Path,
    *,
    units: Sequence[Unit],
    analyzer: Analyzer,
    embedder: Embedder,
    vectors: VectorIndex,
    progress: Progress | None = None,
) -> None:
    """Index ``units`` into ``directory`` and ``vectors``."""
    directory.mkdir()
    whole = build_lexical([lexical_terms(unit, analyzer) for unit in units])
    asked = [(number, q) for number, unit in enumerate(units) for q in unit.questions]
    _save_lexical(directory, "whole", whole)
    titles_index = build_overlap([analyzer.terms(unit.title) for unit in units])
    questions_index = build_overlap([analyzer.terms(question) for _, question in asked])
    for name, overlap in (("titles", titles_index), ("questions", questions_index)):
        _save_lexical(directory, name, overlap.terms)
        np.save(directory / f"{name}-totals.npy", overlap.totals)
    np.save(directory / "owners.npy", np.array([number for number, _ in asked], dtype=np.int32))
    write_json(directory / "units.json", [unit.to_json() for unit in units])
    titles = {passage.id: unit.title for unit in units for passage in unit.passages()}
    records = records_of(units)
    for start in range(0, len(records), BATCH):
        batch = records[start : start + BATCH]
        vectors.add(batch, embedder.embed_passages([_embedded(r, titles) for r in batch]))
        if progress:
            progress(min(start + BATCH, len(records)), len(records))


def read_shelf(directory: Path, *, vectors: VectorIndex) -> Shelf:
    """Open what :func:`write_shelf` wrote."""
    return Shelf(
        units=tuple(unit_from_json(data) for data in read_json(directory / "units.json")),
        whole=_load_lexical(directory, "whole"),
        titles=_load_overlap(directory, "titles"),
        questions=_load_overlap(directory, "questions"),
        question_owners=np.load(directory / "owners.npy"),
        vectors=vectors,
    )


def _embedded(record: Record, titles: dict[str, str]) -> str:
    """The text whose vector is stored: a passage is read under its title."""
    kind, rest = record.id.split("|", 1)
    return f"{titles[rest]}. {record.text}".replace("**", "") if kind == "p" else record.text


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


def write_json(path: Path, data: object) -> None:
    """Write compact UTF-8 JSON."""
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")


def read_json(path: Path) -> Any:
    """Read JSON."""
    return json.loads(path.read_text(encoding="utf-8"))
