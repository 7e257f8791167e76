"""Written messages as arrays for training: features of words, and what each word says."""

import random
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from assistant.coaching.understanding.features import Common, Tokens, common, tokens
from assistant.coaching.understanding.learning.grammar import Grammar, load_grammar
from assistant.coaching.understanding.learning.handwritten import (
    Reteller,
    Told,
    frequent,
    load_written,
)
from assistant.coaching.understanding.learning.noise import written
from assistant.coaching.understanding.learning.scenarios import Example, Writer
from assistant.coaching.understanding.lexicon import Lexicon, load_lexicon
from assistant.coaching.understanding.text import Preparer
from assistant.knowledge.analysis import fold
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
FOLDS = 5
NAME = "nom"  # a name, whoever bears it
_PROPER = frozenset({"acteur_nom", "partenaire_nom", "territoire"})
_NAMED = {
    "partenaire_nom": ("entreprise", "entreprise", "association", "fondation"),
    "acteur_nom": ("association", "entreprise", "fondation"),
}
_DIGESTED = 200


@dataclass(frozen=True, slots=True)
class Sample:
    """One message: its words, and the labels of each by their number."""

    text: str
    tokens: Tokens
    labels: tuple[tuple[int, ...], ...]
    by_hand: bool = False


def label_names(grammar: Grammar, written: Sequence[Told] = ()) -> tuple[str, ...]:
    """Every label that a message may carry, in a fixed order."""
    return tuple(sorted({*grammar_labels(grammar), *frequent(written)}))


def grammar_labels(grammar: Grammar) -> frozenset[str]:
    """The labels that messages of the grammar carry whenever they say so."""
    names = {name for name in grammar.labels() if not name.endswith(("=A", "=P"))}
    names |= {name for name in grammar.labels() if name == "initiative=P"}
    names |= {f"{slot}={kind}" for slot in ("acteur_type", "partenaire_type") for kind in _ACTORS}
    names |= {NAME, *(f"nombre={role}" for role in _NUMBERS)}
    return frozenset(names)


@dataclass(frozen=True)
class Press:
    """Prints samples, always the same for one seed."""

    grammar: Grammar
    lexicon: Lexicon
    written: tuple[Told, ...] = ()
    known: Common = field(default_factory=lambda: common(()))

    def labels(self) -> tuple[str, ...]:
        """The labels of its samples, in a fixed order."""
        return label_names(self.grammar, self.written)

    def samples(
        self, count: int, *, seed: int, held: int | None = None, only: bool = False
    ) -> list[Sample]:
        """``count`` messages without the family ``held``, or made of it with ``only``."""
        return self._samples(
            examples(self.grammar, count, seed=seed, held=held, only=only), by_hand=False
        )

    def retold(self, times: int, *, seed: int, fold_kept: int | None = None) -> list[Sample]:
        """The messages written by hand, each ``times`` times, without those of one fold."""
        writer = Writer(self.grammar, random.Random(seed))  # noqa: S311
        names = {
            slot: [writer.named(kind) for kind in kinds for _ in range(60)]
            for slot, kinds in _NAMED.items()
        }
        names["territoire"] = list(self.grammar.lists["ville"])
        kept = [one for one in self.written if fold_kept is None or fold_of(one) != fold_kept]
        reteller = Reteller(kept, names, _short(self.grammar.lists["abrege"]))
        return self._samples(reteller.retellings(times, seed=seed), by_hand=True)

    def _samples(self, told: Iterable[Example], *, by_hand: bool) -> list[Sample]:
        names = {name: number for number, name in enumerate(self.labels())}
        preparer = Preparer(self.lexicon)
        return [self._sample(one, preparer, names, by_hand=by_hand) for one in told]

    def _sample(
        self, example: Example, preparer: Preparer, names: Mapping[str, int], *, by_hand: bool
    ) -> Sample:
        message = preparer.prepare(example.text)
        seen = tokens(message, self.lexicon, self.known)
        labels: list[set[int]] = [set() for _ in seen.starts]
        places = [
            message.span(start, end) for start, end in zip(seen.starts, seen.ends, strict=True)
        ]
        spans = [*example.spans, *((s, e, NAME) for s, e, n in example.spans if n in _NAMED)]
        for start, end, name in spans:
            for place, (first, last) in enumerate(places):
                if name in names and first < end and start < max(last, first + 1):
                    labels[place].add(names[name])
        return Sample(example.text, seen, tuple(tuple(sorted(one)) for one in labels), by_hand)


def fold_of(one: Told) -> int:
    """The fold of a message written by hand: the same on every machine."""
    return zlib.crc32(one.text().encode()) % FOLDS


def press(corpus: Path) -> Press:
    """The press of one content directory: its grammar, and its questions that name no case."""
    grammar = load_grammar(corpus / "apprentissage")
    written = load_written(corpus / "apprentissage" / "ecrits")
    units = load_corpus(corpus).units
    questions = tuple(
        question
        for unit in units
        for question in unit.questions
        if not _OWN.search(question) and len(question) < _LONG_QUESTION
    )
    lists = {**grammar.lists, "said": questions}
    lexicon = load_lexicon(corpus)
    texts = [text for unit in units for text in (unit.text, *unit.questions)]
    known = common(_common_words(texts, written) | lexicon.protected)
    return Press(Grammar(grammar.rules, lists), lexicon, written, known)


def _common_words(texts: Iterable[str], written: Iterable[Told]) -> set[str]:
    """Words of the cards, and those that several messages hold outside names."""
    counts: Counter[str] = Counter()
    for one in written:
        plain = " ".join(s.text for s in one.segments if not s.labels & _PROPER)
        counts.update(set(re.findall(r"[a-z]+", fold(plain))))
    found = {word for word, count in counts.items() if count > 1}
    for text in texts:
        found.update(re.findall(r"[a-z]+", fold(text)))
    return found


def examples(
    grammar: Grammar, count: int, *, seed: int, held: int | None = None, only: bool = False
) -> Iterator[Example]:
    """``count`` messages of ``grammar``, always the same for one seed."""
    rng = random.Random(seed)  # noqa: S311  (reproducible messages, not a secret)
    short = _short(grammar.lists["abrege"])
    for _ in range(count):
        yield written(Writer(grammar, rng, held=held, only=only).words(), rng, short)


def digest(grammar: Grammar, told: Sequence[Told] = ()) -> str:
    """What the tagger is trained on, in eight letters; the cards' questions left out."""
    alone = Grammar(grammar.rules, {**grammar.lists, "said": grammar.lists["ville"]})
    value = 0
    for one in examples(alone, _DIGESTED, seed=0):
        value = zlib.crc32(f"{one.text}|{one.spans}".encode(), value)
    for message in told:
        said = [(one.text, sorted(one.labels)) for one in message.segments]
        value = zlib.crc32(repr(said).encode(), value)
    return f"{value:08x}"


def _short(pairs: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for pair in pairs:
        word, _, quick = pair.partition("=")
        found.setdefault(word, []).append(quick)
    return found
