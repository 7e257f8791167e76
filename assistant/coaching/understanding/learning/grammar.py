"""The little language of ``corpus/apprentissage``: turns of phrase with what they say.

``(a|b)`` is a choice, ``<name>`` another rule or a word list, ``[words]{slot=value}`` words that
say something, ``<v:class:nous>`` a verb that agrees with the last subject.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.knowledge.content import load_yaml

RULES = ("grammaire.yaml", "tournures.yaml", "messages.yaml", "recits.yaml")
_TOKEN = re.compile(r"[()|\[\]]|<[^<>]*>|\{[^{}]*\}|[^()|\[\]<>{}]+")
_MARK = re.compile(r"[\[\]]|\{[^{}]*\}|[^\[\]{}]+")


@dataclass(frozen=True, slots=True)
class Words:
    """Plain text."""

    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """A rule, a word list, a verb or an amount, with its arguments."""

    name: str
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several sequences."""

    options: tuple["Phrase", ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A sequence whose words say ``labels``."""

    inside: "Phrase"
    labels: tuple[str, ...]


Node = Words | Call | Choice | Mark
Phrase = tuple[Node, ...]


class InvalidGrammar(ValueError):
    """A turn of phrase that cannot be read, with its text."""


@dataclass(frozen=True, slots=True)
class Grammar:
    """Every rule, parsed; ``lists`` are the words of ``lexique.yaml``."""

    rules: Mapping[str, tuple[Phrase, ...]]
    lists: Mapping[str, tuple[str, ...]]

    def labels(self) -> tuple[str, ...]:
        """Every label of every rule, sorted; ``=A``, ``=P`` and ``=S`` are left as written."""
        found: set[str] = set()
        for phrases in self.rules.values():
            for phrase in phrases:
                found |= set(_labels(phrase))
        return tuple(sorted(found))


def _labels(phrase: Phrase) -> list[str]:
    found: list[str] = []
    for node in phrase:
        if isinstance(node, Mark):
            found += [*node.labels, *_labels(node.inside)]
        elif isinstance(node, Choice):
            for option in node.options:
                found += _labels(option)
    return found


def parse(text: str) -> Phrase:
    """A turn of phrase; raises ``InvalidGrammar`` when a bracket is not closed."""
    tokens = _TOKEN.findall(text)
    phrase, place = _sequence(tokens, 0, closing="")
    if place != len(tokens):
        raise InvalidGrammar(text)
    return phrase


def marked(text: str) -> Phrase:
    """A message written by hand: only ``[words]{slot=value}`` is read, the rest is plain text.

    Raises ``InvalidGrammar`` when a bracket is not closed.
    """
    phrase, rest = _marked(_MARK.findall(text), text)
    if rest:
        raise InvalidGrammar(text)
    return phrase


def _marked(tokens: list[str], text: str) -> tuple[Phrase, list[str]]:
    nodes: list[Node] = []
    while tokens and tokens[0] != "]":
        piece, *tokens = tokens
        if piece.startswith("{"):
            raise InvalidGrammar(text)
        if piece != "[":
            nodes.append(Words(piece))
            continue
        inside, tokens = _marked(tokens, text)
        if len(tokens) < 2 or not tokens[1].startswith("{"):
            raise InvalidGrammar(text)
        nodes.append(Mark(inside, _named(tokens[1])))
        tokens = tokens[2:]
    return tuple(nodes), tokens


def _named(piece: str) -> tuple[str, ...]:
    return tuple(one for part in piece[1:-1].split(";") if (one := part.strip()))


def _sequence(tokens: Sequence[str], place: int, *, closing: str) -> tuple[Phrase, int]:
    nodes: list[Node] = []
    while place < len(tokens):
        piece = tokens[place]
        if closing and piece in (closing, "|"):
            return tuple(nodes), place
        node: Node
        if piece == "(":
            node, place = _choice(tokens, place + 1)
        elif piece == "[":
            inside, place = _sequence(tokens, place + 1, closing="]")
            if place + 1 >= len(tokens) or not tokens[place + 1].startswith("{"):
                raise InvalidGrammar(" ".join(tokens))
            node, place = Mark(inside, _named(tokens[place + 1])), place + 2
        elif piece.startswith("<"):
            name, *arguments = piece[1:-1].split(":")
            node, place = Call(name, tuple(arguments)), place + 1
        elif piece in ")]|" or piece.startswith("{"):
            raise InvalidGrammar(" ".join(tokens))
        else:
            node, place = Words(piece), place + 1
        nodes.append(node)
    if closing:
        raise InvalidGrammar(" ".join(tokens))
    return tuple(nodes), place


def _choice(tokens: Sequence[str], place: int) -> tuple[Choice, int]:
    options: list[Phrase] = []
    while True:
        option, place = _sequence(tokens, place, closing=")")
        options.append(option)
        if place >= len(tokens):
            raise InvalidGrammar(" ".join(tokens))
        if tokens[place] == ")":
            return Choice(tuple(options)), place + 1
        place += 1


def load_grammar(directory: Path) -> Grammar:
    """Read every rule and word list; raises ``InvalidGrammar`` with the line that is wrong.

    The turns of a rule that several files name are put together.
    """
    rules: dict[str, tuple[Phrase, ...]] = {}
    for file in RULES:
        for name, text in load_yaml((directory / file).read_text("utf-8"), name=file).items():
            lines = text.rstrip("\n").split("\n")
            rules[name] = rules.get(name, ()) + tuple(parse(line.strip()) for line in lines)
    lists = load_yaml((directory / "lexique.yaml").read_text("utf-8"), name="lexique.yaml")
    return Grammar(
        rules=rules,
        lists={
            name: tuple(word.strip() for word in text.split(" / ")) for name, text in lists.items()
        },
    )
