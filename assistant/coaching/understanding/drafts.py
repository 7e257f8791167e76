"""Findings in the making, over the working text, and how several for one slot are settled."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from assistant.coaching.understanding.model import Finding
from assistant.coaching.understanding.text import Message


@dataclass(frozen=True, slots=True)
class Draft:
    """A finding by its places in the working text; the stronger wins over the weaker."""

    slot: str
    value: Any
    start: int
    end: int
    sure: bool = True
    force: int = 1


def settled(drafts: Iterable[Draft]) -> list[Draft]:
    """One draft a value; a single-valued slot with two sure values becomes a choice."""
    by_slot: dict[str, list[Draft]] = {}
    for draft in drafts:
        by_slot.setdefault(draft.slot, []).append(draft)
    kept: list[Draft] = []
    for group in by_slot.values():
        kept += _items(group) if isinstance(group[0].value, list) else _single(group)
    return sorted(kept, key=lambda d: (d.start, d.end, d.slot))


def _items(group: list[Draft]) -> list[Draft]:
    best: dict[str, Draft] = {}
    for draft in group:
        key = str(draft.value)
        if key not in best or (draft.sure and not best[key].sure):
            best[key] = draft
    filled = [d for d in best.values() if d.value]
    return filled or list(best.values())


def _single(group: list[Draft]) -> list[Draft]:
    strongest = max((d.force for d in group if d.sure), default=0)
    sure = _distinct(d for d in group if d.sure and d.force == strongest)
    if len(sure) == 1:
        return sure
    if sure:
        return [replace(d, sure=False) for d in sure]
    return _distinct(group)


def _distinct(group: Iterable[Draft]) -> list[Draft]:
    best: dict[str, Draft] = {}
    for draft in group:
        best.setdefault(str(draft.value), draft)
    return list(best.values())


def finding(draft: Draft, message: Message) -> Finding | None:
    """The draft with the person's own words; None when nothing of them is left."""
    start, end = message.span(draft.start, draft.end)
    if end <= start:
        return None
    words = message.original[start:end]
    return Finding(draft.slot, draft.value, words, start, end, draft.sure)
