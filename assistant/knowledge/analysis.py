"""French text → terms: folding, elision, stop words, stems, concepts.

PyStemmer alone keeps accents and splits families (partenariat ≠ partenaire); so terms are
folded first, stemmed, and completed by concept terms from the glossary, on both sides.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from assistant.knowledge.stems import stem

_WORD = re.compile(r"\d+(?:[.,]\d+)+|[a-z0-9]+")
_ACCENTS = dict.fromkeys(range(0x300, 0x370))  # combining marks
_ELIDED = frozenset("l d j m t s n c qu jusqu lorsqu puisqu quelqu".split())
_THOUSANDS = re.compile(r"(?<=\d)[ .](?=\d{3}(?!\d))")

STOP_WORDS = frozenset(
    """a ai aie ait alors as au aucun aussi autre autres aux avait avec avez avoir avons ayant
    bien bonjour c ca car ce ceci cela celle celles celui cependant ces cet cette ceux chez ci
    comme comment d dans de depuis des doit doivent donc dont du elle elles en encore entre es
    est et etaient etait etant ete etes etre eu eux fait faire fait faites faut font il ils j je
    jusque l la le les leur leurs lors lorsque lui m ma mais me meme memes merci mes mettre moi
    mon n ne ni nos notre nous on ont or ou par parce parle pas peu peut peuvent peux plait plus
    plusieurs pour pourquoi pourrait pouvez puis puisque qu quand que quel quelle quelles quels
    quelque quelques qui quoi quoique s sa sans se selon sera serait ses si soit son sont sous sur
    svp t ta te tel tes toi ton tous tout toute toutes tres tu un une va vais veut veux voici
    voila vos votre vous y est-ce estce dit dire dis dites existe existent existe-t-il quoi
    savoir dela donne donner donnez donnes notamment environ seulement importe vraiment
    consiste consistent pourrais aimerais voudrais souhaite signifie sait sert ca ya
    combien""".split()
)


def fold(text: str) -> str:
    """Lower-case ``text`` and remove accents, ligatures and typographic variants."""
    if text.isascii():
        return text.lower()
    lowered = unicodedata.normalize("NFKD", text).lower()
    bare = unicodedata.normalize("NFKD", lowered).translate(_ACCENTS)
    return bare.replace("œ", "oe").replace("æ", "ae").replace("’", "'")


def words(text: str) -> list[str]:
    """Folded words of ``text``, elided articles dropped, numbers whole (« 1 200 », « 1,2 »)."""
    folded = _THOUSANDS.sub("", fold(text))
    return [word.replace(",", ".") for word in _WORD.findall(folded) if word not in _ELIDED]


def stems(text: str) -> list[str]:
    """Stems of all words of ``text``, stop words included, in order."""
    return [stem(word) for word in words(text)]


_STOP_STEMS = frozenset(stem(word) for word in STOP_WORDS) | STOP_WORDS


def is_informative(term: str) -> bool:
    """Whether a stem carries meaning of its own."""
    return term not in _STOP_STEMS and (len(term) > 1 or term.isdigit())


class Analyzer:
    """Text → terms, completed by the concepts of a glossary.

    ``groups`` are sets of interchangeable expressions; wherever one of them occurs, the
    concept term ``§n`` of its group is added. Both queries and documents pass through here,
    so that « asso » finds « association » without rewriting either.
    """

    def __init__(self, groups: Iterable[Sequence[str]] = ()) -> None:
        self._concepts: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._longest = 1
        for number, group in enumerate(groups):
            for expression in group:
                key = tuple(stems(expression))
                if not key or (len(key) == 1 and not is_informative(key[0])):
                    continue
                known = self._concepts.get(key, ())
                self._concepts[key] = (*known, f"§{number}")
                self._longest = max(self._longest, len(key))

    def terms(self, text: str) -> list[str]:
        """Informative stems of ``text`` in order, then the concepts found in it."""
        sequence = stems(text)
        return [t for t in sequence if is_informative(t)] + self._concepts_in(sequence)

    def informative(self, text: str) -> list[str]:
        """Informative stems only, without concepts."""
        return [t for t in stems(text) if is_informative(t)]

    def concepts_of(self, terms: Sequence[str]) -> list[str]:
        """The concepts found in a sequence of stems."""
        return self._concepts_in(list(terms))

    def _concepts_in(self, sequence: list[str]) -> list[str]:
        if not self._concepts:
            return []
        found: list[str] = []
        position = 0
        while position < len(sequence):
            for length in range(min(self._longest, len(sequence) - position), 0, -1):
                concepts = self._concepts.get(tuple(sequence[position : position + length]))
                if concepts:
                    found.extend(concepts)
                    position += length - 1
                    break
            position += 1
        return found
