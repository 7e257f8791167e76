"""Proper names of a sentence: what has a capital where French would not put one."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.knowledge.analysis import STOP_WORDS, fold
from assistant.knowledge.stems import stem
from assistant.llm.quantities import is_number_word

_TOKEN = re.compile(r"[^\W_]+(?:[-&.][^\W_]+)*")
_LETTER = re.compile(r"[^\W\d_]")
# where a capital may be that of a sentence: its start, after a stop, a colon, a quote, a bullet
_OPENING = re.compile(r"(?:^|[.!?…:«“\"(\[*]|\n|^\s*[-•–]|^\s*\d+[.)])[\s\u00a0\u202f*«“\"(]*$")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, folded; ``capital`` when written with one, ``opening`` where a sentence begins.

    ``joined`` when only a space or a dash stands between it and the token before.
    """

    word: str
    capital: bool
    opening: bool
    joined: bool = False
    acronym: bool = False


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that a corpus writes without a capital, and those it writes only as names."""

    common: frozenset[str]
    stems: frozenset[str]
    names: frozenset[str]


def tokens(text: str) -> tuple[Token, ...]:
    """The words of ``text`` in order; elided articles are words of their own."""
    made = []
    last = 0
    for match in _TOKEN.finditer(text):
        written = match[0].rstrip(".")
        first = _LETTER.search(written)
        capital = first is not None and first[0].isupper()
        letters = [c for c in written if c.isalpha()]
        made.append(
            Token(
                fold(written),
                capital or any(c.isupper() for c in letters),
                bool(_OPENING.search(text[: match.start()])),
                joined=text[last : match.start()].strip(" \u00a0\u202f") == "",
                acronym=sum(c.isupper() for c in letters) > 1,
            )
        )
        last = match.end()
    return tuple(made)


def vocabulary(texts: Iterable[str]) -> Vocabulary:
    """What ``texts`` write in small letters, and inside sentences with a capital."""
    common: set[str] = set(STOP_WORDS)
    names: set[str] = set()
    for text in texts:
        for token in tokens(text):
            if token.word.isdigit():
                continue
            if not token.capital:
                common.add(token.word)
                common.update(token.word.split("-"))
            elif not token.opening or token.acronym:
                names.add(token.word)
    return Vocabulary(frozenset(common), frozenset(map(stem, common)), frozenset(names))


def names(text: str, known: Vocabulary) -> tuple[Token, ...]:
    """The tokens that have to be found in a source: capitals, and words nobody uses as such."""
    return tuple(token for token in tokens(text) if _is_name(token, known))


def _is_name(token: Token, known: Vocabulary) -> bool:
    if not any(c.isalpha() for c in token.word) or is_number_word(token.word):
        return False
    if token.capital and (token.acronym or not token.opening):
        return True
    if token.word in known.common and not (token.capital and token.word in known.names):
        return False
    if token.capital:
        return True
    return len(token.word) > 2 and not _familiar(token.word, known)


def _familiar(word: str, known: Vocabulary) -> bool:
    """Whether a word in small letters is of the language of the corpus."""
    if word in known.names and word not in known.common:
        return False
    return all(len(p) <= 2 or p.isdigit() or stem(p) in known.stems for p in word.split("-"))
