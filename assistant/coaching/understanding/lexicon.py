"""The words of ``comprehension.yaml`` and ``croyances.yaml``, checked and compiled once.

The small language of a pattern: folded words; a space is any blank, hyphen or apostrophe;
« .. » is at most four words inside a clause, « ... » nine; « <name> » is a macro; the rest is
that of regular expressions, without capturing groups.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from assistant.casefile.source import Cited
from assistant.coaching.understanding.model import CommandName
from assistant.errors import InvalidContent
from assistant.knowledge.analysis import fold
from assistant.knowledge.content import Strict, Text, load_yaml, validate

_GAP = r"(?:[\s\-']{1,3})"
_FEW = r"(?:[\s\-']{1,2}[\w%€]+){0,4}?[\s\-']{1,3}"
_MORE = _FEW.replace("{0,4}", "{0,9}")
_MACRO = re.compile(r"<(\w+)>")
_GROUP = re.compile(r"(?<!\\)\((?!\?)")
_CLASS = re.compile(r"(\[[^\]]*\])")
_NEVER = re.compile(r"(?!)")
Patterns = tuple[Text, ...]


class Rule(Strict):
    """Words that give one value to one slot."""

    slot: Text
    valeur: Any
    mots: Annotated[Patterns, Field(min_length=1)]
    # what comes out under a negation: nothing, unless a value is given
    nie: Any = None
    # the words hold a negation of their own: none is looked for around them
    negatif: bool = False
    sur: bool = True
    # none of these may stand in the same sentence
    sauf: Patterns = ()
    # the value is the list of the person's own words
    texte: bool = False
    # read only when the slot was asked: words too bare to stand alone
    attendu: bool = False
    # the strongest of several values of one slot wins
    force: int = 1
    # kept in a question: what the words presuppose is true whatever is asked
    presuppose: bool = False


class CommandWords(Strict):
    """``entier``: the message is that; ``contient``: it holds that."""

    entier: Patterns = ()
    contient: Patterns = ()


class Words(Strict):
    """``comprehension.yaml``."""

    macros: dict[str, Text]
    fautes: dict[str, Text]
    vocabulaire: Patterns
    proteges: Patterns
    mois: dict[str, Text]
    jours: dict[str, Text]
    regles: tuple[Rule, ...]
    contextes: dict[str, Patterns]
    commandes: dict[CommandName, CommandWords]
    politesse: Patterns
    oui: Patterns
    non: Patterns
    rangs: dict[int, Patterns]
    lieux: Patterns
    # words of a kind, parted by blanks: hints for the tagger
    familles: dict[str, Text]


class FalseBelief(Strict):
    """What people hold to be true and is not; every group of a variant is in one sentence."""

    id: Text
    variantes: Annotated[tuple[Annotated[Patterns, Field(min_length=1)], ...], Field(min_length=1)]
    sauf: Patterns = ()
    correction: Text
    sources: Annotated[tuple[Cited, ...], Field(min_length=1)]
    slots: Patterns = ()


class Beliefs(Strict):
    """``croyances.yaml``."""

    macros: dict[str, Text] = Field(default_factory=dict)
    croyances: tuple[FalseBelief, ...]


@dataclass(frozen=True, slots=True)
class CompiledBelief:
    """A belief whose variants are searched in one sentence."""

    belief: FalseBelief
    variants: tuple[tuple[re.Pattern[str], ...], ...]
    unless: re.Pattern[str]


def _expand(pattern: str, macros: Mapping[str, str]) -> str:
    for _ in range(4):
        expanded = _MACRO.sub(lambda m: f"(?:{macros[m[1]]})", pattern)
        if expanded == pattern:
            return expanded
        pattern = expanded
    return pattern


def _translate(pattern: str, macros: Mapping[str, str]) -> str:
    text = _expand(fold(pattern), macros)
    pieces = _CLASS.split(text)  # a class of characters stays as it is
    pieces[::2] = [_translate_piece(piece) for piece in pieces[::2]]
    translated = "".join(pieces)
    try:
        re.compile(translated)
    except re.error as error:
        raise InvalidContent(
            "champ_invalide", fichier="comprehension.yaml", champ=pattern, raison=str(error)
        ) from error
    return translated


def _translate_piece(text: str) -> str:
    text = _GROUP.sub("(?:", text)
    text = re.sub(r"\s*\.\.\.\s*", "\x02", text)
    text = re.sub(r"\s*\.\.\s*", "\x00", text)
    text = re.sub(r"\s+|'", "\x01", text)
    return text.replace("\x00", _FEW).replace("\x02", _MORE).replace("\x01", _GAP)


def stem(word: str) -> str:
    """A folded word without the marks of its number and gender."""
    return word.rstrip("sx").rstrip("e") or word


class Lexicon:
    """Every word list, compiled; one value for the life of the process."""

    def __init__(self, words: Words, beliefs: Beliefs) -> None:
        self.words = words
        self._macros = {name: fold(text) for name, text in (words.macros | beliefs.macros).items()}
        self.beliefs = {belief.id: belief for belief in beliefs.croyances}
        self.rules = tuple(
            (rule, self.compile(rule.mots), self.compile(rule.sauf)) for rule in words.regles
        )
        self.contexts = {name: self.compile(p) for name, p in words.contextes.items()}
        self.compiled_beliefs = tuple(self._belief(b) for b in beliefs.croyances)
        self.commands = {
            name: (self.compile(c.entier), self.compile(c.contient))
            for name, c in words.commandes.items()
        }
        self.yes = self.compile(words.oui)
        self.no = self.compile(words.non)
        self.polite = self.compile(words.politesse)
        self.ranks = {rank: self.compile(p) for rank, p in words.rangs.items()}
        self.places = self.compile(words.lieux)

    def compile(self, patterns: Iterable[str], *, whole: bool = True) -> re.Pattern[str]:
        """One regular expression for all ``patterns``, longest first, at word boundaries."""
        parts = [_translate(p, self._macros) for p in sorted(patterns, key=len, reverse=True)]
        if not parts:
            return _NEVER
        end = r"(?![\w])" if whole else ""
        return re.compile(rf"(?<![\w])(?:{'|'.join(parts)}){end}")

    def context(self, name: str) -> re.Pattern[str]:
        """The patterns of one context; raises ``KeyError`` for an unknown name."""
        return self.contexts[name]

    def _belief(self, belief: FalseBelief) -> CompiledBelief:
        variants = tuple(
            tuple(self.compile((group,)) for group in variant) for variant in belief.variantes
        )
        return CompiledBelief(belief, variants, self.compile(belief.sauf))

    @cached_property
    def vocabulary(self) -> dict[str, tuple[str, ...]]:
        """Words worth repairing, by first letter."""
        found: dict[str, list[str]] = {}
        for word in self.words.vocabulaire:
            found.setdefault(fold(word)[0], []).append(fold(word))
        return {letter: tuple(words) for letter, words in found.items()}

    @cached_property
    def families(self) -> dict[str, tuple[str, ...]]:
        """The families of each word, by its stem (``stem``)."""
        found: dict[str, list[str]] = {}
        for name, words in self.words.familles.items():
            for word in dict.fromkeys(stem(fold(one)) for one in words.split()):
                found.setdefault(word, []).append(name)
        return {word: tuple(names) for word, names in found.items()}

    @cached_property
    def protected(self) -> frozenset[str]:
        """Words that are right as they are: listed, or used by a pattern of ours."""
        listed = [*self.words.proteges, *self.words.vocabulaire]
        patterns = [p for rule in self.words.regles for p in rule.mots]
        patterns += [p for group in self.words.contextes.values() for p in group]
        patterns += [p for c in self.words.commandes.values() for p in (*c.entier, *c.contient)]
        patterns += [p for b in self.beliefs.values() for v in b.variantes for p in v]
        used = re.findall(r"[a-z]{5,}", fold(" ".join([*patterns, *self._macros.values()])))
        return frozenset([*map(fold, listed), *used])


def load_lexicon(corpus: Path) -> Lexicon:
    """Read both files; raises ``InvalidContent`` naming the file and the field."""
    words, beliefs = "comprehension.yaml", "croyances.yaml"
    return Lexicon(
        validate(Words, load_yaml((corpus / words).read_text("utf-8"), name=words), name=words),
        validate(
            Beliefs, load_yaml((corpus / beliefs).read_text("utf-8"), name=beliefs), name=beliefs
        ),
    )
