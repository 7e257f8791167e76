"""Questions written apart from the cards: what each unit answers, and what it does not.

They are never searched. The answered ones train the embedding model, all of them teach abstention,
and the nearest say whether a question is one of those that a unit leaves without an answer.
``corpus/apprentissage/questions/*.tsv``: unit, code and question, separated by tabs.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.errors import InvalidContent
from assistant.knowledge.analysis import words
from assistant.knowledge.embedding import Embedder, Vectors

FILES = "apprentissage/questions/*.tsv"
NO_UNIT = "*"
MATRIX, OWNERS = "asked.npy", "asked.json"
BATCH = 2_500


class Code(StrEnum):
    """Whether the unit of a question answers it, and what kind of question it is if not."""

    ANSWERED = "+"
    DETAIL = "-d"  # about its subject, a detail that it does not give
    PREMISE = "-p"  # takes something wrong for granted
    NEIGHBOUR = "-n"  # of a subject next door
    GAP = "-g"  # what its text says that our sources do not give
    DISHONEST = "-u"  # help with something dishonest
    HONEST = "+u"  # worded like the former, and honest
    ELSEWHERE = "-o"  # out of the field altogether

    @property
    def answered(self) -> bool:
        """Whether an answer is due."""
        return self.value.startswith("+")


_CODES = {code.value: code for code in Code}


@dataclass(frozen=True, slots=True)
class Asked:
    """One question; ``unit`` is None when it belongs to no unit."""

    unit: str | None
    code: Code
    question: str


def load_asked(directory: Path) -> tuple[Asked, ...]:
    """Every question of the content ``directory``, in the order of files and lines.

    Raises ``InvalidContent`` naming the first line that has not three fields or a known code.
    """
    found = []
    for path in sorted(directory.glob(FILES)):
        lines = path.read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(lines, start=1):
            fields = line.split("\t")
            if len(fields) != 3 or fields[1] not in _CODES or not all(map(str.strip, fields)):
                raise InvalidContent(
                    "champ_invalide", fichier=path.name, champ=str(number), raison=line[:60]
                )
            unit = None if fields[0] == NO_UNIT else fields[0]
            found.append(Asked(unit, _CODES[fields[1]], fields[2]))
    return tuple(found)


@dataclass(frozen=True)
class AskedIndex:
    """The vectors of asked questions, found by unit and by code.

    ``matrix`` has a row a question (half precision); ``owners[i]`` and ``codes[i]`` are its unit
    and its code.
    """

    matrix: NDArray[np.float16]
    owners: tuple[str | None, ...]
    codes: tuple[Code, ...]

    @cached_property
    def _by_unit(self) -> dict[str, list[int]]:
        rows: dict[str, list[int]] = {}
        for row, owner in enumerate(self.owners):
            if owner is not None:
                rows.setdefault(owner, []).append(row)
        return rows

    @cached_property
    def _by_code(self) -> dict[Code, Vectors]:
        codes = np.array(self.codes)
        return {code: self._vectors(np.nonzero(codes == code)[0].tolist()) for code in Code}

    def _vectors(self, rows: Sequence[int]) -> Vectors:
        return np.asarray(self.matrix[rows], dtype=np.float32)

    def around(self, unit: str, vector: Vectors) -> list[tuple[Code, float]]:
        """The code of each question of ``unit`` with its cosine; ``vector`` has shape (1, d)."""
        rows = self._by_unit.get(unit, [])
        cosines = self._vectors(rows) @ vector[0] if rows else ()
        return [(self.codes[row], float(c)) for row, c in zip(rows, cosines, strict=True)]

    def nearest(self, code: Code, vector: Vectors) -> list[float]:
        """The two best cosines with the questions of one code, best first."""
        rows = self._by_code[code]
        best = sorted((rows @ vector[0]).tolist(), reverse=True)[:2] if len(rows) else []
        return [*best, 0.0, 0.0][:2]


EMPTY = AskedIndex(np.zeros((0, 1), dtype=np.float16), (), ())


def write_asked(directory: Path, asked: Sequence[Asked], embedder: Embedder) -> None:
    """Keep the vectors of asked questions."""
    texts = [" ".join(words(one.question)) for one in asked]
    parts = [
        embedder.embed_queries(texts[start : start + BATCH])
        for start in range(0, len(texts), BATCH)
    ]
    matrix = np.concatenate(parts) if parts else np.zeros((0, 1), dtype=np.float32)
    np.save(directory / MATRIX, matrix.astype(np.float16))
    owners = [[a.unit, a.code.value] for a in asked]
    (directory / OWNERS).write_text(json.dumps(owners), encoding="utf-8")


def read_asked(directory: Path) -> AskedIndex:
    """What ``write_asked`` kept; raises what reading raises."""
    owners = json.loads((directory / OWNERS).read_text(encoding="utf-8"))
    matrix = np.load(directory / MATRIX, mmap_mode="r")
    return AskedIndex(matrix, tuple(u for u, _ in owners), tuple(Code(c) for _, c in owners))
