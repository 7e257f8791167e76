"""What changed between two versions of a document, so that a person can read it."""

import difflib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.drafting.documents.document import Article, DocumentConvention

Kind = Literal["same", "added", "removed"]
LONGEST = 1_500  # words of a paragraph beyond which it is compared whole: the time is quadratic
ALIKE = 0.4  # less than this in common: another paragraph, not the same one changed
# « [À COMPLÉTER : …] » and « 8 000 € », whose spaces do not break, come and go as one word
_WORDS = re.compile(r"\[[^\[\]]{1,200}\]|[ \t\n]+|[^ \t\n\[]+|\[")


@dataclass(frozen=True, slots=True)
class Change:
    """Some words that stayed, came or went."""

    kind: Kind
    text: str


Line = tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class ArticleChange:
    """What changed in an article: only the lines that did. ``kind`` says if it came or went."""

    title: str
    kind: Literal["changed", "added", "removed"]
    lines: tuple[Line, ...]


def difference(before: DocumentConvention, after: DocumentConvention) -> tuple[ArticleChange, ...]:
    """What changed, article by article, in the order of ``after``; empty when nothing did."""
    old, new = _named(before.articles), _named(after.articles)
    found = []
    for name in dict.fromkeys((*new, *old)):
        was, now = old.get(name), new.get(name)
        lines = tuple(compared(_lines(was), _lines(now)))
        if lines:
            kind: Literal["changed", "added", "removed"] = (
                "added" if was is None else "removed" if now is None else "changed"
            )
            title = (now or old[name]).titre
            found.append(ArticleChange(title, kind, lines))
    return tuple(found)


def _named(articles: Sequence[Article]) -> dict[tuple[str, int], Article]:
    """Articles by code and rank: a code may come twice."""
    seen: Counter[str] = Counter()
    found = {}
    for article in articles:
        found[article.code, seen[article.code]] = article
        seen[article.code] += 1
    return found


def _lines(article: Article | None) -> list[str]:
    return [line for line in article.texte.splitlines() if line.strip()] if article else []


def compared(old: Sequence[str], new: Sequence[str]) -> Iterator[Line]:
    """The lines that changed, each cut into what stayed, went and came."""
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            continue
        paired = min(b - a, d - c)
        for was, now in zip(old[a:b], new[c:d], strict=False):
            yield from _changed(was, now)
        yield from ((Change("removed", text),) for text in old[a + paired : b])
        yield from ((Change("added", text),) for text in new[c + paired : d])


def _changed(was: str, now: str) -> Iterator[Line]:
    one, other = _WORDS.findall(was), _WORDS.findall(now)
    if max(len(one), len(other)) > LONGEST or _alike(one, other) < ALIKE:
        yield (Change("removed", was),)
        yield (Change("added", now),)
        return
    matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
    yield tuple(_pieces(one, other, matcher.get_opcodes()))


def _alike(one: Sequence[str], other: Sequence[str]) -> float:
    """The share of words in common: spaces are alike everywhere."""
    was, now = ([token for token in side if not token.isspace()] for side in (one, other))
    return difflib.SequenceMatcher(None, was, now, autojunk=False).ratio()


def _pieces(
    one: Sequence[str], other: Sequence[str], steps: Sequence[tuple[str, int, int, int, int]]
) -> Iterator[Change]:
    gone, come = "", ""
    for place, (tag, a, b, c, d) in enumerate(steps):
        kept = "".join(one[a:b])
        between = 0 < place < len(steps) - 1
        if tag == "equal" and not (between and kept.isspace()):
            yield from _both(gone, come)
            yield Change("same", kept)
            gone, come = "", ""
        else:  # a space between two changed words changes with them
            gone, come = gone + kept, come + "".join(other[c:d])
    yield from _both(gone, come)


def _both(gone: str, come: str) -> Iterator[Change]:
    if gone:
        yield Change("removed", gone)
    if come:
        yield Change("added", come)
