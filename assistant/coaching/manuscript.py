"""What people did to a document beside its values: clauses, remarks, versions, ready or not."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType

from assistant.coaching import events as ev
from assistant.coaching.sides import Side

_NONE: Mapping[str, "Wording"] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Wording:
    """A clause in somebody's own words, and when they were written.

    ``model`` is the language model that proposed them, when the person accepted its proposal.
    """

    text: str
    side: Side
    author: str
    at: datetime
    seq: int
    model: str | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment on an article."""

    seq: int
    article: str
    text: str
    side: Side
    author: str
    at: datetime
    settled: bool = False


@dataclass(frozen=True, slots=True)
class Version:
    """A moment of the document that was given a name."""

    seq: int
    name: str
    side: Side
    author: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Manuscript:
    """One document as people left it; ``order`` lists clauses in the order they were put."""

    removed: frozenset[str] = frozenset()
    added: frozenset[str] = frozenset()
    order: tuple[str, ...] = ()
    rewritten: Mapping[str, Wording] = field(default_factory=lambda: _NONE)
    remarks: tuple[Remark, ...] = ()
    versions: tuple[Version, ...] = ()
    ready: Version | None = None
    touched: int = 0


def written(documents: Mapping[str, Manuscript], item: ev.Recorded) -> Mapping[str, Manuscript]:
    """The documents after one more event."""
    event = item.event
    if isinstance(event, ev.CommentSettled):
        return MappingProxyType({n: _settled(m, event.target) for n, m in documents.items()})
    assert isinstance(event, ev.DocumentEvent)
    before = documents.get(event.document, Manuscript())
    return MappingProxyType({**documents, event.document: _after(before, item)})


def _after(before: Manuscript, item: ev.Recorded) -> Manuscript:
    event = item.event
    match event:
        case ev.ClauseEdited():
            # a text that changes is no longer the one that was held to be ready
            return replace(_edited(before, item, event), ready=None, touched=item.seq)
        case ev.Commented():
            said = Remark(item.seq, event.article, event.text, item.side, item.author, item.at)
            return replace(before, remarks=(*before.remarks, said))
        case ev.Versioned():
            named = Version(item.seq, event.name, item.side, item.author, item.at)
            return replace(before, versions=(*before.versions, named))
        case ev.MarkedReady():
            return replace(before, ready=Version(item.seq, "", item.side, item.author, item.at))
        case ev.Reopened():
            return replace(before, ready=None)
    return before


def _edited(before: Manuscript, item: ev.Recorded, event: ev.ClauseEdited) -> Manuscript:
    name = event.clause
    match event.operation:
        case "removed":
            return replace(before, removed=before.removed | {name}, added=before.added - {name})
        case "added":
            return replace(before, added=before.added | {name}, removed=before.removed - {name})
        case "moved":
            rest = tuple(clause for clause in before.order if clause not in event.order)
            return replace(before, order=(*rest, *event.order))
        case "rewritten":
            words = Wording(
                event.text or "", item.side, item.author, item.at, item.seq, event.model
            )
            return replace(before, rewritten=MappingProxyType({**before.rewritten, name: words}))
        case "restored":
            kept = {clause: w for clause, w in before.rewritten.items() if clause != name}
            return replace(before, rewritten=MappingProxyType(kept))


def _settled(before: Manuscript, target: int) -> Manuscript:
    return replace(
        before,
        remarks=tuple(replace(r, settled=r.settled or r.seq == target) for r in before.remarks),
    )
