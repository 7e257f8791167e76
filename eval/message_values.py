"""Whether what was read in a message is what a careful person notes: values compared as facts."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from rapidfuzz import fuzz

from assistant.casefile.facts import InvalidFacts, parse_facts
from assistant.casefile.paths import nested
from assistant.knowledge.analysis import fold

NONE_SAID = "(none)"  # the leaf of an empty list
NAMES = frozenset({
    "acteur_nom", "partenaire_nom", "territoire", "projet_territoire_nom", "facilitateur_nom",
    "parties[].denomination",
})  # fmt: skip
IDENTIFIERS = re.compile(r"\.(siren|siret|rna|iban|tva_intracom)$")
SAME_WORDS = 70  # token_set_ratio from which two free texts say the same

Leaf = tuple[str, Any]


def leaves(slot: str, value: Any) -> list[Leaf]:
    """A slot as plain values: ``parties: [{siren: x}]`` → ``("parties[].siren", x)``."""
    return list(_leaves(re.sub(r"\.\d+(?=\.|$)", "[]", slot), _parsed(slot, value)))


def _leaves(key: str, value: Any) -> Iterator[Leaf]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _leaves(f"{key}.{name}", inner)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        if not value:
            yield key, NONE_SAID
        for item in value:
            rows = isinstance(item, Mapping) and not key.endswith("[]")
            yield from _leaves(f"{key}[]" if rows else key, item)
    elif value is not None:
        yield key, value


def _parsed(slot: str, value: Any) -> Any:
    """The value as facts hold it; as it was given when it is not a fact by itself."""
    try:
        facts = parse_facts(nested({slot: value}))
    except InvalidFacts:
        return value
    held: Any = facts.model_dump(mode="json", exclude_none=True)
    for part in slot.split("."):
        held = held[int(part)] if part.isdigit() else held.get(part)
    return held


@cache
def is_free(key: str) -> bool:
    """Whether the slot takes any words (a text), unlike a choice, a number or a date."""
    if "[]" in key:
        return not IDENTIFIERS.search(key)
    try:
        parse_facts(nested({key: "quelques mots"}))
    except InvalidFacts:
        return False
    return True


def is_prose(key: str) -> bool:
    """Whether the slot takes a person's own words, a name apart: nobody lists all that is right."""
    return is_free(key) and key not in NAMES and "[]" not in key


def same(key: str, one: Any, other: Any) -> bool:
    """Whether two values of a slot say the same.

    Names and texts: one holds the other, whatever the case and accents; numbers, dates and
    choices: equal.
    """
    if not (isinstance(one, str) and isinstance(other, str)):
        return type(one) is type(other) and one == other if _flag(one, other) else one == other
    if IDENTIFIERS.search(key):
        return one.replace(" ", "").upper() == other.replace(" ", "").upper()
    if not is_free(key) or NONE_SAID in (one, other):
        return one == other
    return _holds(one, other) or (
        is_prose(key) and fuzz.token_set_ratio(" ".join(_words(one)), " ".join(_words(other)))
        >= SAME_WORDS
    )  # fmt: skip


def _flag(one: Any, other: Any) -> bool:
    return isinstance(one, bool) or isinstance(other, bool)


def _words(text: str) -> list[str]:
    return [word.rstrip("s") or word for word in re.findall(r"[a-z0-9]+", fold(text))]


def _holds(one: str, other: str) -> bool:
    short, long = sorted((_words(one), _words(other)), key=len)
    return bool(short) and f" {' '.join(short)} " in f" {' '.join(long)} "


def said_in(text: str, value: Any) -> bool:
    """Whether a value is made of words of the message."""
    return isinstance(value, str) and set(_words(value)) <= set(_words(text))
