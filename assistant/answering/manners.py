"""Messages that are not questions about partnerships, read from ``corpus/conversation.yaml``."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.knowledge.analysis import fold, words
from assistant.knowledge.content import Strict, Text

ENGLISH_MARKS = frozenset(
    """the what is are how does who when where why which can should could would of with between
    company companies partnership partnerships our your and we you steps charity nonprofit
    business local authority there this that from about has have their they do does did i is was
    were need to get give tell for by it be if will much many my
    founded wrote created""".split()
)
FRENCH_MARKS = frozenset(
    """le la les de des du un une est que qui quel quelle quels quelles comment pourquoi et ou
    dans pour avec sur entre je nous vous il elle au aux ce cette mon ma mes notre votre c
    combien quand""".split()
)


class Intention(Strict):
    """A kind of message, the phrases that reveal it, and what to say."""

    id: Text
    reponse: Text
    entier: tuple[Text, ...] = ()
    contient: tuple[Text, ...] = ()
    refus: str | None = None


class Count(Strict):
    """How many of something the sources count; ``rang`` names one of them (« étape 8 »)."""

    nom: Text
    mots: tuple[Text, ...]
    nombre: int
    rang: tuple[Text, ...] = ()
    autres: tuple[int, ...] = ()
    fiche: str | None = None


class FollowUpPhrases(Strict):
    """The phrases of a message that only makes sense after another."""

    exemple: tuple[Text, ...]
    page: tuple[Text, ...]
    details: tuple[Text, ...]
    liste: tuple[Text, ...]
    debuts: tuple[Text, ...]
    pronoms: tuple[Text, ...]


class Manners(Strict):
    """The whole of ``conversation.yaml``."""

    intentions: tuple[Intention, ...]
    politesse: tuple[Text, ...]
    comptes: tuple[Count, ...]
    affirmations: tuple[tuple[Text, ...], ...]
    attributs: tuple[tuple[Text, ...], ...]
    aveux: tuple[Text, ...]
    suites: FollowUpPhrases


def flat(text: str) -> str:
    """Folded words separated by single spaces, with a space at both ends."""
    folded = fold(text).replace("'", " ").replace("-", " ")
    return f" {' '.join(''.join(c if c.isalnum() else ' ' for c in folded).split())} "


@lru_cache(maxsize=8192)
def flat_phrase(phrase: str) -> str:
    """:func:`flat` for the phrases of the content, which come back at every question."""
    return flat(phrase)


@dataclass(frozen=True)
class Recognizer:
    """Finds the intention of a message, if it has one."""

    manners: Manners

    def intention(self, message: str) -> Intention | None:
        """The first intention whose phrases match, in the order of the file."""
        text = flat(message)
        bare = self.without_courtesy(text)
        for intention in self.manners.intentions:
            whole = {flat_phrase(phrase) for phrase in intention.entier}
            if text in whole or (bare.strip() and bare in whole):
                return intention
            if any(flat_phrase(phrase) in text for phrase in intention.contient):
                return intention
        return None

    def without_courtesy(self, text: str) -> str:
        """``text`` (already flat) without greetings and thanks."""
        for phrase in sorted(self.manners.politesse, key=len, reverse=True):
            text = text.replace(flat_phrase(phrase), " ")
        return f" {' '.join(text.split())} "

    def is_courtesy(self, message: str) -> bool:
        """Whether nothing is left once courtesy is taken away."""
        text = flat(message)
        return bool(text.strip()) and not self.without_courtesy(text).strip()


def is_english(message: str) -> bool:
    """Whether the message is in English: more of its small words than of French ones."""
    tokens = flat(message).split()
    english = sum(token in ENGLISH_MARKS for token in tokens)
    french = sum(token in FRENCH_MARKS for token in tokens)
    return english >= 2 and english > french


def translated(message: str, lexicon: Mapping[str, str]) -> str:
    """Replace the English expressions of ``lexicon``, longest first; other words stay."""
    text = flat(message)
    for expression in sorted(lexicon, key=len, reverse=True):
        text = text.replace(flat_phrase(expression), f" {lexicon[expression]} ")
    return " ".join(text.split())


@lru_cache(maxsize=1024)
def _phrase_words(phrase: str) -> list[str]:
    return words(phrase)


_DEFINITE = frozenset("les des aux ces ses liste lister cite citer donne enumere nomme".split())
_NUMBERS = {
    word: number
    for number, word in enumerate(
        """un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze
        seize""".split(),
        start=1,
    )
} | {"vingt": 20, "dixsept": 17, "dix sept": 17, "dix huit": 18}


_RANKS = {
    word: number
    for number, word in enumerate(
        """premiere deuxieme troisieme quatrieme cinquieme sixieme septieme huitieme neuvieme
        dixieme onzieme douzieme""".split(),
        start=1,
    )
}
_RANK_BEFORE = re.compile(r"(\d{1,3})(?:e|eme|ieme)")


def wrong_count(message: str, counts: Sequence[Count]) -> tuple[Count, str] | None:
    """The first count that the message gets wrong, with the number it says.

    « les douze étapes » and « l'étape 8 » are wrong; « l'étape 5 », « une étape » or « deux étapes
    clés » are let through: a number counts after a definite article, a rank when it is too high.
    """
    tokens = words(message)
    for count in counts:
        for expression in count.mots:
            for i in _places(tokens, _phrase_words(expression)):
                said = tokens[i - 1] if i else ""
                number = int(said) if said.isdigit() else _NUMBERS.get(said, 0)
                definite = i == 1 or (i > 1 and tokens[i - 2] in _DEFINITE)
                if definite and number > 1 and number not in (count.nombre, *count.autres):
                    return count, said
        for expression in count.rang:
            target = _phrase_words(expression)
            for i in _places(tokens, target):
                rank = _rank(tokens[i - 1] if i else "", *tokens[i + len(target) :][:1])
                if rank > max((count.nombre, *count.autres)):
                    return count, str(rank)
    return None


def _places(tokens: Sequence[str], target: Sequence[str]) -> Iterator[int]:
    for i in range(len(tokens) - len(target) + 1):
        if list(tokens[i : i + len(target)]) == list(target):
            yield i


def _rank(before: str, after: str = "") -> int:
    """The rank that the words around a noun give it; 0 when they give none."""
    if found := _RANK_BEFORE.fullmatch(before):
        return int(found[1])
    if before in _RANKS:
        return _RANKS[before]
    return int(after) if after.isdigit() and len(after) < 4 else _NUMBERS.get(after, 0)
