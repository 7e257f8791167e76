"""Messages written by hand in ``corpus/apprentissage/ecrits``, read and told again otherwise.

One message a line, ``author| text with [words]{slot=value; slot}``. Each is retold many times:
other names, amounts and turns of phrase of the same meaning in the same places, quick spelling, a
part of it, two messages in one.
"""

import random
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assistant.casefile import shape
from assistant.casefile.facts import InvalidFacts, parse_facts
from assistant.casefile.paths import nested
from assistant.coaching.understanding.learning.grammar import (
    InvalidGrammar,
    Mark,
    Phrase,
    Words,
    marked,
)
from assistant.coaching.understanding.learning.noise import retyped
from assistant.coaching.understanding.learning.scenarios import Example

AUTHORS = ("association", "entreprise", "collectivite", "fondation", "autre", "inconnu")
COMMAND = "cmd=export_document"
FEWEST = 4  # examples from which a value is worth a label
# a number, a day and a length play a role that the words around it say
_ROLES = {
    "montant": "nombre", "nombre": "nombre", "pourcentage": "nombre", "date": "date",
}  # fmt: skip
_OPEN = frozenset({"texte", "liste", "tableau", "bloc", "par_partie"})
_SWAPPED = {
    "partenaire_nom": 0.6, "acteur_nom": 0.6, "territoire": 0.5, "nombre": 0.5, "date": 0.4,
    "biens": 0.4, "contrepartie_liste": 0.3, "lignes_rouges": 0.2,
}  # fmt: skip
_SWAPPED_ELSE = 0.12
_JOINED, _CUT = 0.1, 0.22
_STOP = re.compile(r"[.!?;\n]\s*$")


class InvalidMessage(ValueError):
    """A message that cannot be trained on: its file, its line and why."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}")


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a message and what it says; ``mark`` numbers the bracket it came from."""

    text: str
    labels: frozenset[str] = frozenset()
    mark: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """One message as it was written."""

    author: str
    segments: tuple[Segment, ...]

    def text(self) -> str:
        """The message without its marks."""
        return "".join(segment.text for segment in self.segments)


def load_written(directory: Path) -> tuple[Told, ...]:
    """Every message of ``directory``; raises ``InvalidMessage`` for the first that is wrong."""
    return tuple(
        told(line, place=f"{file.name}:{number}")
        for file in sorted(directory.glob("*.txt"))
        for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1)
        if line.strip() and not line.startswith("#")
    )


def told(line: str, *, place: str = "") -> Told:
    """A line read and checked; raises ``InvalidMessage``."""
    author, bar, text = line.partition("|")
    if not bar or author.strip() not in AUTHORS:
        raise InvalidMessage(place, f"unknown author {author[:30]!r}")
    try:
        phrase = marked(text.strip())
    except InvalidGrammar as error:
        raise InvalidMessage(place, "a bracket is not closed, or has no label") from error
    segments: list[Segment] = []
    _flatten(phrase, frozenset(), segments, place)
    known = {label for one in segments for label in one.labels}
    own = next((k for k in AUTHORS if f"acteur_type={k}" in known), author.strip())
    return Told(
        author.strip(),
        tuple(replace(one, labels=frozenset(_sided(x, own) for x in one.labels))
              for one in segments),
    )  # fmt: skip


def _flatten(phrase: Phrase, labels: frozenset[str], into: list[Segment], place: str) -> None:
    for node in phrase:
        if isinstance(node, Mark):
            _flatten(node.inside, labels | {_label(one, place) for one in node.labels}, into, place)
        elif isinstance(node, Words):
            into.append(Segment(node.text, labels, len(into) + 1 if labels else 0))


def _label(name: str, place: str) -> str:
    """The label of the tagger for what an author marked; raises ``InvalidMessage``."""
    if name == COMMAND:
        return name
    slot, equals, value = (part.strip() for part in name.partition("="))
    try:
        kind = shape.kind(slot)
    except KeyError as error:
        raise InvalidMessage(place, f"unknown slot {slot!r}") from error
    if not equals:
        role = "date" if slot == "duree.mois" else _ROLES.get(kind)
        if role is None and kind not in _OPEN:
            return f"{slot}=?"  # said, in words that give no value by themselves
        return f"{role}={slot}" if role else slot
    said: Any = {"true": True, "false": False}.get(value, int(value) if value.isdigit() else value)
    try:
        parse_facts(nested({slot: [said] if kind in ("multi", "liste") else said}))
    except InvalidFacts as error:
        raise InvalidMessage(place, f"{slot} takes no {value!r}") from error
    return f"{slot}={value}"


def _sided(label: str, author: str) -> str:
    """Who had the idea, as seen from the author."""
    slot, _, value = label.partition("=")
    if slot != "initiative" or value == "conjointe":
        return label
    return f"initiative={'S' if value == author else 'P'}"


def frequent(messages: Iterable[Told]) -> tuple[str, ...]:
    """The labels that enough messages carry to be learned, sorted."""
    counts = Counter(
        label for one in messages for label in {x for s in one.segments for x in s.labels}
    )
    return tuple(sorted(x for x, n in counts.items() if n >= FEWEST and not x.endswith("=?")))


@dataclass(frozen=True)
class Reteller:
    """Tells messages again; the words that it swaps come from ``messages`` themselves."""

    messages: Sequence[Told]
    names: Mapping[str, Sequence[str]]
    short: Mapping[str, Sequence[str]]

    def pools(self) -> dict[frozenset[str], list[str]]:
        """For what words say together, every way in which it was written."""
        found: dict[frozenset[str], list[str]] = {}
        for one in self.messages:
            for segment in one.segments:
                if segment.labels:
                    found.setdefault(segment.labels, []).append(segment.text)
        for name, words in self.names.items():
            found.setdefault(frozenset({name}), []).extend(words)
        return found

    def retellings(self, times: int, *, seed: int) -> list[Example]:
        """Each message ``times`` times, always the same for one seed; first as it was written."""
        rng = random.Random(seed)  # noqa: S311  (reproducible messages, not a secret)
        pools = self.pools()
        made = [_example(one.segments) for one in self.messages]
        for _ in range(times - 1):
            for one in self.messages:
                segments = _swapped(one.segments, pools, rng)
                if rng.random() < _CUT:
                    segments = _part(segments, rng)
                if rng.random() < _JOINED:
                    other = rng.choice(self.messages)
                    segments += (Segment(rng.choice((" ", ". ", "\n"))),
                                 *_swapped(other.segments, pools, rng))  # fmt: skip
                typed = retyped([s.text for s in segments], rng, self.short)
                made.append(
                    _example([replace(s, text=t) for s, t in zip(segments, typed, strict=True)])
                )
        return made


def _swapped(
    segments: Sequence[Segment], pools: Mapping[frozenset[str], Sequence[str]], rng: random.Random
) -> tuple[Segment, ...]:
    return tuple(
        replace(one, text=rng.choice(pools[one.labels]))
        if one.labels in pools and rng.random() < _often(one.labels) else one
        for one in segments
    )  # fmt: skip


def _often(labels: frozenset[str]) -> float:
    return max(_SWAPPED.get(label.partition("=")[0], _SWAPPED_ELSE) for label in labels)


def _part(segments: tuple[Segment, ...], rng: random.Random) -> tuple[Segment, ...]:
    """Some sentences of a message, one after the other."""
    pieces = [
        replace(one, text=text)
        for one in segments
        for text in (re.split(r"(?<=[.!?;:\n])(?=\s)", one.text) if not one.labels else [one.text])
    ]
    ends = [n for n, one in enumerate(pieces, start=1) if _STOP.search(one.text)]
    cuts = [0, *(n for n in ends if n < len(pieces)), len(pieces)]
    if len(cuts) < 3:
        return segments
    first = rng.randrange(len(cuts) - 1)
    last = rng.randrange(first + 1, len(cuts))
    return tuple(pieces[cuts[first] : cuts[last]])


def _example(segments: Sequence[Segment]) -> Example:
    text = ""
    spans: list[tuple[int, int, str]] = []
    for one in segments:
        start = len(text)
        text += one.text
        spans += [(start, len(text), label) for label in sorted(one.labels)]
    return Example(text, tuple(spans))
