"""How people really type: quick spelling, no accents, missing words, slips of the finger."""

import random
import re
import unicodedata
from collections.abc import Mapping, Sequence

from assistant.coaching.understanding.learning.scenarios import Example, Word, elided

_AFTER = re.compile(r"^(?:[,.)!?…»]|\.\.\.)+$")  # stick to the word before
_SPACED = frozenset(":;?!»€")
_SMALL = frozenset({"de", "la", "le", "les", "des", "un", "une", "du", "d'", "l'", "nous", "à"})
_KEYS = {"a": "qz", "e": "rz", "i": "uo", "o": "ip", "n": "bh", "r": "et", "s": "qd", "t": "ry"}


def written(
    words: Sequence[Word], rng: random.Random, short: Mapping[str, Sequence[str]]
) -> Example:
    """The message as somebody types it, in one manner drawn at random."""
    manner = rng.choices(("clean", "plain", "sms", "telegraphic", "formal"), (28, 24, 27, 9, 12))[0]
    made = elided([Word(word.text, word.labels) for word in words if word.text])
    if manner == "telegraphic":
        made = [w for w in made if not (w.text.lower() in _SMALL and rng.random() < 0.75)] or made
    if manner == "sms":
        for word in made:
            _quick(word, rng, short)
    slips = {"clean": 0.003, "plain": 0.012, "sms": 0.03, "telegraphic": 0.015, "formal": 0.0}
    for word in made:
        if rng.random() < slips[manner]:
            word.text = _slip(word.text, rng)
    plain = manner == "sms" or (manner in ("plain", "telegraphic") and rng.random() < 0.8)
    lower = manner in ("sms", "plain", "telegraphic") and rng.random() < 0.7
    return _assembled(made, plain=plain, lower=lower, capitals=manner in ("clean", "formal"))


_PIECE = re.compile(r"[^\W\d_]+'?|[^\w]+|[\w]+")


def retyped(
    pieces: Sequence[str], rng: random.Random, short: Mapping[str, Sequence[str]]
) -> list[str]:
    """Pieces of one message as somebody else types them, in one manner drawn at random."""
    kinds = ("same", "clean", "plain", "sms", "telegraphic")
    manner = rng.choices(kinds, (34, 16, 22, 18, 10))[0]
    if manner == "same":
        return list(pieces)
    slips = {"clean": 0.006, "plain": 0.015, "sms": 0.025, "telegraphic": 0.015}[manner]
    plain = manner == "sms" or (manner != "clean" and rng.random() < 0.8)
    lower = manner != "clean" and rng.random() < 0.7
    made = []
    for piece in pieces:
        words = [Word(one) for one in _PIECE.findall(piece)]
        for word in words:
            if manner == "telegraphic" and word.text.lower() in _SMALL and rng.random() < 0.6:
                word.text = ""
            elif manner == "sms" and word.text[:1].isalpha():
                _quick(word, rng, short)
            if rng.random() < slips:
                word.text = _slip(word.text, rng)
        text = "".join(word.text for word in words)
        text = bare(text) if plain else text
        made.append(text.lower() if lower else text)
    return made


def _quick(word: Word, rng: random.Random, short: Mapping[str, Sequence[str]]) -> None:
    options = short.get(word.text.lower())
    if options and rng.random() < 0.55:
        word.text = rng.choice(options)
    elif rng.random() < 0.3:
        word.text = word.text.replace("'", "")
    elif len(word.text) > 5 and rng.random() < 0.08:
        word.text = word.text[: rng.randrange(4, len(word.text))]
    elif len(word.text) > 4 and rng.random() < 0.08:
        word.text = re.sub(r"qu", "k", re.sub(r"(?:es|s|e|t)$", "", word.text))


def _slip(text: str, rng: random.Random) -> str:
    if len(text) < 4 or not text.isalpha():
        return text
    place = rng.randrange(1, len(text) - 1)
    kind = rng.randrange(4)
    if kind == 0:
        return text[:place] + text[place + 1 :]
    if kind == 1:
        return text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    if kind == 2:
        return text[:place] + text[place] + text[place:]
    return text[:place] + rng.choice(_KEYS.get(text[place], "e")) + text[place + 1 :]


def _assembled(words: Sequence[Word], *, plain: bool, lower: bool, capitals: bool) -> Example:
    text = ""
    spans: list[tuple[int, int, str]] = []
    begins = True
    for word in words:
        shown = bare(word.text) if plain else word.text
        shown = shown.lower() if lower else shown
        if capitals and begins and shown[:1].isalpha():
            shown = shown[0].upper() + shown[1:]
        begins = word.text in (".", "!", "?", "...")
        glued = (
            not text
            or text[-1] in "'(\n"
            or (_AFTER.match(shown) is not None and shown[0] not in _SPACED)
        )
        text += shown if glued else f" {shown}"
        place = len(text) - len(shown)
        spans += [(place, len(text), label) for label in sorted(word.labels)]
    return Example(text, tuple(spans))


def bare(text: str) -> str:
    """``text`` without its accents."""
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
