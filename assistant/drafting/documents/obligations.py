"""What a document still needs: obligatory fields, filled or missing.

A conditional field counts as long as its condition is not certainly false. So giving information
can only take a field off the missing list: an unknown condition already counts, a certain answer
never turns round (``logic.truth``), and a value that was given stays given. The length of a list
is one answer: naming a third party is a new document, not more information about the same one.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from assistant.casefile import paths
from assistant.casefile.base import Block
from assistant.casefile.facts import Facts
from assistant.drafting.documents import conditions as _conditions  # registers every name
from assistant.drafting.documents.logic import Truth, View, truth
from assistant.drafting.documents.template import ArticleTemplate, DocumentTemplate, FieldTemplate

KEYS = ("designation_courte", "denomination", "role")


@dataclass(frozen=True, slots=True)
class Need:
    """One obligatory field: where it is missing, and whether that is certain."""

    slot: str
    article: str
    gaps: tuple[str, ...]
    conditional: bool

    @property
    def filled(self) -> bool:
        """Whether nothing is missing."""
        return not self.gaps


@dataclass(frozen=True, slots=True)
class Obligations:
    """The obligatory fields of a document, by slot pattern."""

    needs: tuple[Need, ...]

    @property
    def required(self) -> tuple[str, ...]:
        """Fields that must, or may have to, be given."""
        return tuple(need.slot for need in self.needs)

    @property
    def filled(self) -> tuple[str, ...]:
        """Those that were given."""
        return tuple(need.slot for need in self.needs if need.filled)

    @property
    def missing(self) -> tuple[str, ...]:
        """Those that were not."""
        return tuple(need.slot for need in self.needs if not need.filled)

    @property
    def certain(self) -> tuple[str, ...]:
        """Missing for sure: what stands between a draft and a signature."""
        return tuple(n.slot for n in self.needs if not n.filled and not n.conditional)


def obligations(
    document: DocumentTemplate, facts: Facts, *, removed: Collection[str] = ()
) -> Obligations:
    """The obligatory fields of a document for these facts; ``removed`` articles ask nothing."""
    found: dict[str, Need] = {}
    for article in document.articles:
        if article.optionnel and article.code in removed:
            continue
        for need in article_needs(article, facts, parties=max(len(document.roles), 2)):
            known = found.get(need.slot)
            if known is None or (known.conditional and not need.conditional):
                found[need.slot] = need
    return Obligations(tuple(found.values()))


def article_needs(article: ArticleTemplate, facts: Facts, *, parties: int) -> list[Need]:
    """What one article asks for."""
    there = truth(article.si, View(facts))
    if there is False:
        return []
    needs = (_need(f, article.code, there, facts, parties) for f in article.champs)
    return [need for need in needs if need is not None]


def _need(
    field: FieldTemplate, article: str, there: Truth, facts: Facts, parties: int
) -> Need | None:
    if field.obligation == "F":
        return None
    asked = False
    gaps: list[tuple[str, Truth]] = []
    for path, row, filled in _places(field, facts, parties):
        wanted = truth(field.si, View(facts, row))
        if wanted is False:
            continue
        asked = True
        if not filled:
            gaps.append((path, wanted if there else None))
    if not asked:
        return None
    conditional = bool(gaps) and all(wanted is None for _, wanted in gaps)
    return Need(field.slot, article, tuple(path for path, _ in gaps), conditional)


def _places(
    field: FieldTemplate, facts: Facts, parties: int
) -> Iterator[tuple[str, Block | None, bool]]:
    """Everywhere the field is asked: the path, the row, and whether it was given there."""
    if "[]." in field.slot:
        head, _, rest = field.slot.partition("[].")
        others = tuple(slot.partition("[].")[2] for slot in field.ou)
        for number, row in _rows(facts, head, parties):
            known = row is not None and any(_full(row, n, field) for n in (rest, *others))
            yield f"{head}.{number}.{rest}", row, known
    elif field.slot.endswith("{}"):
        yield from _by_party(field, facts, parties)
    else:
        names = (field.slot, *field.ou)
        yield field.slot, None, any(_full(facts, name, field) for name in names)


def _rows(facts: Facts, head: str, parties: int) -> Iterator[tuple[int, Block | None]]:
    rows: tuple[Block, ...] | None = paths.read(facts, head)
    least = parties if head == "parties" else (1 if rows is None else 0)
    yield from enumerate(rows or ())
    for number in range(len(rows or ()), least):
        yield number, None


def _by_party(
    field: FieldTemplate, facts: Facts, parties: int
) -> Iterator[tuple[str, Block | None, bool]]:
    slot = field.slot.removesuffix("{}")
    table: dict[str, Any] = paths.read(facts, slot) or {}
    for number, party in _rows(facts, "parties", parties):
        keys = [getattr(party, key, None) for key in KEYS]
        found = next((table[key] for key in keys if key in table), None)
        yield f"{slot}.{number}", None, _enough(found, field)


def _full(block: Any, name: str, field: FieldTemplate) -> bool:
    return _enough(paths.read(block, name), field)


def _enough(value: Any, field: FieldTemplate) -> bool:
    if not paths.given(value):
        return False
    return len(value) >= field.au_moins if field.au_moins else True


__all__ = ["Need", "Obligations", "_conditions", "article_needs", "obligations"]
