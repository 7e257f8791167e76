"""Written messages as arrays for training: features of words, and what each word says."""

import random
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.coaching.understanding.features import Tokens, tokens
from assistant.coaching.understanding.learning.grammar import Grammar, load_grammar
from assistant.coaching.understanding.learning.noise import written
from assistant.coaching.understanding.learning.scenarios import Example, Writer
from assistant.coaching.understanding.lexicon import Lexicon, load_lexicon
from assistant.coaching.understanding.text import Preparer
from assistant.knowledge.corpus import load_corpus

_ACTORS = ("association", "entreprise", "collectivite", "fondation", "autre")
_NUMBERS = (
    "don.montant", "prix.montant_ht", "subvention.montant_annuel", "budget_disponible",
    "contrepartie_valeur", "pret", "autre", "mc.volume_jours",
)  # fmt: skip


# a question with these words may be of a case; the others are of partnerships at large
_OWN = re.compile(
    r"\b(?:nous|notre|nos|mon|ma|mes|on|je|j|moi|leur|leurs|ils?|elles?|m)\b", re.IGNORECASE
)
_LONG_QUESTION = 130
_DIGESTED = 200


@dataclass(frozen=True, slots=True)
class Sample:
    """One message: its words, and the labels of each by their number."""

    text: str
    tokens: Tokens
    labels: tuple[tuple[int, ...], ...]


def label_names(grammar: Grammar) -> tuple[str, ...]:
    """Every label that a message may carry, in a fixed order."""
    names = {name for name in grammar.labels() if not name.endswith(("=A", "=P"))}
    names |= {name for name in grammar.labels() if name == "initiative=P"}
    names |= {f"{slot}={kind}" for slot in ("acteur_type", "partenaire_type") for kind in _ACTORS}
    names |= {f"nombre={role}" for role in _NUMBERS}
    return tuple(sorted(names))


@dataclass(frozen=True)
class Press:
    """Prints samples, always the same for one seed."""

    grammar: Grammar
    lexicon: Lexicon

    def samples(
        self, count: int, *, seed: int, held: int | None = None, only: bool = False
    ) -> list[Sample]:
        """``count`` messages without the family ``held``, or made of it with ``only``."""
        names = {name: number for number, name in enumerate(label_names(self.grammar))}
        preparer = Preparer(self.lexicon)
        return [
            self._sample(one, preparer, names)
            for one in examples(self.grammar, count, seed=seed, held=held, only=only)
        ]

    def _sample(self, example: Example, preparer: Preparer, names: Mapping[str, int]) -> Sample:
        message = preparer.prepare(example.text)
        seen = tokens(message, self.lexicon)
        labels: list[set[int]] = [set() for _ in seen.starts]
        places = [
            message.span(start, end) for start, end in zip(seen.starts, seen.ends, strict=True)
        ]
        for start, end, name in example.spans:
            for place, (first, last) in enumerate(places):
                if first < end and start < max(last, first + 1):
                    labels[place].add(names[name])
        return Sample(example.text, seen, tuple(tuple(sorted(one)) for one in labels))


def press(corpus: Path) -> Press:
    """The press of one content directory: its grammar, and its questions that name no case."""
    grammar = load_grammar(corpus / "apprentissage")
    questions = tuple(
        question
        for unit in load_corpus(corpus).units
        for question in unit.questions
        if not _OWN.search(question) and len(question) < _LONG_QUESTION
    )
    lists = {**grammar.lists, "said": questions}
    return Press(Grammar(grammar.rules, lists), load_lexicon(corpus))


def examples(
    grammar: Grammar, count: int, *, seed: int, held: int | None = None, only: bool = False
) -> Iterator[Example]:
    """``count`` messages of ``grammar``, always the same for one seed."""
    rng = random.Random(seed)  # noqa: S311  (reproducible messages, not a secret)
    short = _short(grammar.lists["abrege"])
    for _ in range(count):
        yield written(Writer(grammar, rng, held=held, only=only).words(), rng, short)


def digest(grammar: Grammar) -> str:
    """What ``grammar`` and its noise write, in eight letters; the cards' questions left out."""
    alone = Grammar(grammar.rules, {**grammar.lists, "said": grammar.lists["ville"]})
    value = 0
    for one in examples(alone, _DIGESTED, seed=0):
        value = zlib.crc32(f"{one.text}|{one.spans}".encode(), value)
    return f"{value:08x}"


def _short(pairs: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for pair in pairs:
        word, _, quick = pair.partition("=")
        found.setdefault(word, []).append(quick)
    return found
