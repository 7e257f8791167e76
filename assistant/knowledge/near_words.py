"""Words that people type instead of those of the cards: for training the embedding alone.

``corpus/apprentissage/mots_proches.tsv``: a word as the analyser folds it, a tab, then the words
and short expressions near it, separated by commas.
"""

import random
from pathlib import Path

from assistant.errors import InvalidContent
from assistant.knowledge.analysis import words
from assistant.knowledge.stems import stem

FILE = "apprentissage/mots_proches.tsv"
SWAPS = (1, 1, 2, 3)  # how many words of a question are said otherwise, drawn at random

NearWords = dict[str, tuple[str, ...]]  # stem → what people say instead, folded


def load_near_words(directory: Path) -> NearWords:
    """What is said instead of each word, by stem, out of the content ``directory``.

    Raises ``InvalidContent`` naming the first line that has not two fields or says nothing.
    """
    found: dict[str, list[str]] = {}
    path = directory / FILE
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        fields = line.split("\t")
        near = [" ".join(words(item)) for item in fields[-1].split(",")]
        if len(fields) != 2 or len(words(fields[0])) != 1 or not all(near):
            raise InvalidContent(
                "champ_invalide", fichier=path.name, champ=str(number), raison=line[:60]
            )
        found.setdefault(stem(words(fields[0])[0]), []).extend(near)
    return {word: tuple(dict.fromkeys(near)) for word, near in found.items()}


def said_otherwise(text: str, near: NearWords, rng: random.Random) -> str:
    """``text``, already folded, with some of its words said otherwise."""
    tokens = text.split()
    known = [n for n, token in enumerate(tokens) if stem(token) in near]
    rng.shuffle(known)
    for n in known[: rng.choice(SWAPS)]:
        tokens[n] = rng.choice(near[stem(tokens[n])])
    return " ".join(tokens)
