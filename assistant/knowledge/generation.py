"""One generation of the index: a directory built whole, then only ever copied and read.

``manifest.json`` is written last; a directory without it, or whose files do not have the
sizes it names, is not a generation.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.errors import IndexUnavailable
from assistant.knowledge.analysis import Analyzer, words
from assistant.knowledge.embedding import Embedder
from assistant.knowledge.lexical import LexicalIndex, build_lexical
from assistant.knowledge.unit import Passage, Unit, unit_from_json
from assistant.knowledge.vectors import ChromaVectorIndex, Record, VectorIndex

FORMAT = 3  # raise when the files below change shape or the analysis changes
TITLE_WEIGHT = 2  # a title's terms count twice in the lexical text of a unit
BATCH = 1_000

Progress = Callable[[int, int], None]  # done, total


@dataclass(frozen=True)
class Index:
    """Everything search needs, open and in memory, with its vectors beside.

    ``question_owners[i]`` is the number in ``units`` of the unit that question ``i`` asks for.
    ``spellings`` are the words seen in the content, unstemmed, for correcting queries.
    """

    units: tuple[Unit, ...]
    passages: dict[str, Passage]
    analyzer: Analyzer
    whole: LexicalIndex
    questions: LexicalIndex
    question_owners: NDArray[np.int32]
    vectors: VectorIndex
    embedder: Embedder
    spellings: tuple[str, ...]
    key: str

    def unit(self, unit_id: str) -> Unit | None:
        """The unit with that id, if there is one."""
        number = self.numbers.get(unit_id)
        return None if number is None else self.units[number]

    @property
    def numbers(self) -> dict[str, int]:
        """Unit id → its number in ``units``."""
        return self._numbers

    def __post_init__(self) -> None:
        object.__setattr__(self, "_numbers", {u.id: n for n, u in enumerate(self.units)})

    _numbers: dict[str, int] = None  # type: ignore[assignment]


def lexical_text(unit: Unit, analyzer: Analyzer) -> list[str]:
    """The terms of a unit: title (weighted), body, questions."""
    terms = analyzer.terms(unit.title) * TITLE_WEIGHT
    terms += analyzer.terms(unit.text.replace("**", ""))
    for question in unit.questions:
        terms += analyzer.terms(question)
    return terms


def records_of(units: Sequence[Unit]) -> list[Record]:
    """What is embedded: each question, and each passage under its title."""
    records = []
    for unit in units:
        for number, question in enumerate(unit.questions):
            records.append(Record(f"q|{unit.id}|{number}", question))
        if unit.references:
            records.extend(
                Record(f"p|{passage.id}", passage.text) for passage in unit.passages()
            )
    return records


def build_generation(
    directory: Path,
    *,
    key: str,
    units: Sequence[Unit],
    groups: Sequence[Sequence[str]],
    embedder: Embedder,
    progress: Progress | None = None,
) -> None:
    """Write a whole generation into the empty ``directory``."""
    analyzer = Analyzer(groups)
    whole = build_lexical([lexical_text(unit, analyzer) for unit in units])
    asked = [(n, q) for n, unit in enumerate(units) for q in unit.questions]
    questions = build_lexical([analyzer.terms(question) for _, question in asked])
    _save_lexical(directory, "whole", whole)
    _save_lexical(directory, "questions", questions)
    np.save(directory / "owners.npy", np.array([n for n, _ in asked], dtype=np.int32))
    _write_json(directory / "units.json", [unit.to_json() for unit in units])
    _write_json(directory / "groups.json", [list(group) for group in groups])
    _write_json(directory / "spellings.json", sorted(_spellings(units)))
    vectors = ChromaVectorIndex(directory / "chroma")
    titles = {passage.id: unit.title for unit in units for passage in unit.passages()}
    records = records_of(units)
    for start in range(0, len(records), BATCH):
        batch = records[start : start + BATCH]
        texts = [
            f"{titles[record.id[2:]]}. {record.text}" if record.id[0] == "p" else record.text
            for record in batch
        ]
        vectors.add(batch, embedder.embed_passages(texts))
        if progress:
            progress(min(start + BATCH, len(records)), len(records))
    vectors.close()
    sizes = {
        path.relative_to(directory).as_posix(): path.stat().st_size
        for path in sorted(directory.rglob("*"))
        if path.is_file() and path.name != LOCK_NAME
    }
    _write_json(directory / "manifest.json", {"format": FORMAT, "key": key, "files": sizes})


LOCK_NAME = "lock"


def is_whole(directory: Path, *, key: str) -> bool:
    """Whether ``directory`` holds the generation ``key``, complete."""
    try:
        manifest = json.loads((directory / "manifest.json").read_text(encoding="utf-8"))
        if (manifest["format"], manifest["key"]) != (FORMAT, key):
            return False
        return all(
            (directory / name).stat().st_size == size for name, size in manifest["files"].items()
        )
    except (OSError, ValueError, KeyError):
        return False


def open_generation(directory: Path, *, embedder: Embedder) -> Index:
    """Open a private copy of a generation.

    Raises ``IndexUnavailable`` when anything in it cannot be read or does not agree.
    """
    try:
        units = tuple(unit_from_json(data) for data in _read_json(directory / "units.json"))
        manifest = _read_json(directory / "manifest.json")
        index = Index(
            units=units,
            passages={p.id: p for unit in units for p in unit.passages()},
            analyzer=Analyzer(_read_json(directory / "groups.json")),
            whole=_load_lexical(directory, "whole"),
            questions=_load_lexical(directory, "questions"),
            question_owners=np.load(directory / "owners.npy"),
            vectors=ChromaVectorIndex(directory / "chroma"),
            embedder=embedder,
            spellings=tuple(_read_json(directory / "spellings.json")),
            key=manifest["key"],
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexUnavailable(raison=type(error).__name__) from error
    expected = len(records_of(units))
    if index.vectors.count() != expected:
        raise IndexUnavailable(raison="count")
    return index


def _spellings(units: Iterable[Unit]) -> set[str]:
    found: set[str] = set()
    for unit in units:
        for text in (unit.title, unit.text, *unit.questions):
            found.update(word for word in words(text) if len(word) > 3 and word.isalpha())
    return found


def _save_lexical(directory: Path, name: str, index: LexicalIndex) -> None:
    np.savez(directory / f"{name}.npz", **index.arrays())
    _write_json(directory / f"{name}.json", list(index.vocabulary))


def _load_lexical(directory: Path, name: str) -> LexicalIndex:
    with np.load(directory / f"{name}.npz") as arrays:
        return LexicalIndex(
            vocabulary={t: n for n, t in enumerate(_read_json(directory / f"{name}.json"))},
            columns=arrays["columns"],
            documents=arrays["documents"],
            weights=arrays["weights"],
            idf=arrays["idf"],
            size=int(arrays["size"][0]),
        )


def _write_json(path: Path, data: object) -> None:
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")


def _read_json(path: Path):  # type: ignore[no-untyped-def]
    return json.loads(path.read_text(encoding="utf-8"))
