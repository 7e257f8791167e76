"""A word cloud: what « faire alliance » means to the room, in a few words each."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from pydantic import Field, StringConstraints

from assistant.knowledge.analysis import fold
from assistant.workshop.activity import Activity, Form, Part, Refused, Scene, Table
from assistant.workshop.agenda import Text

SIZES = 5
Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]


class CloudConfig(Part):
    """``question`` is asked; each person gives at most ``words`` words."""

    question: Text
    words: int = Field(default=3, ge=1, le=5)


class Words(Part):
    """The words of one person."""

    words: Annotated[tuple[Word, ...], Field(min_length=1, max_length=5)]


@dataclass(frozen=True, slots=True)
class CloudWord:
    """A word as most people wrote it; ``size`` goes from 1 to 5."""

    text: str
    count: int
    size: int


@dataclass(frozen=True, slots=True)
class Cloud:
    """The words, most frequent first; ``people`` gave some."""

    words: tuple[CloudWord, ...]
    people: int


class WordCloud(Activity[CloudConfig, Words, Cloud]):
    """A few words each; the same word counts together whatever its case and accents."""

    kind: ClassVar[str] = "nuage"
    Config = CloudConfig
    Value = Words

    def read(self, form: Form) -> Mapping[str, Any]:
        """The fields ``mot``, those left empty put aside; refused kindly when all are."""
        words = [word for word in form.get("mot", ()) if word.strip()]
        if not words:
            raise Refused("aucun_mot")
        return {"words": words}

    def check(self, scene: Scene[CloudConfig], value: Words, *, by: str, key: str) -> None:
        """No more words than asked."""
        if len(value.words) > scene.config.words:
            raise Refused("trop_de_mots", nombre=scene.config.words)

    def results(self, scene: Scene[CloudConfig]) -> Cloud:
        """Words by number of people, spelled as most wrote them."""
        spellings: dict[str, Counter[str]] = {}
        for _, value in self.values(scene.entries):
            for key, word in {fold(word): word for word in value.words}.items():
                spellings.setdefault(key, Counter())[word] += 1
        counts = {key: found.total() for key, found in spellings.items()}
        most = max(counts.values(), default=1)
        words = [
            CloudWord(
                text=min(found, key=lambda word, found=found: (-found[word], word)),  # type: ignore[misc]
                count=counts[key],
                size=1 + round((SIZES - 1) * (counts[key] - 1) / max(most - 1, 1)),
            )
            for key, found in spellings.items()
        ]
        words.sort(key=lambda word: (-word.count, fold(word.text)))
        return Cloud(tuple(words), people=len(scene.entries))

    def said(self, value: Words) -> str:
        """The words, one after another."""
        return ", ".join(value.words)

    def tables(self, scene: Scene[CloudConfig]) -> tuple[Table, ...]:
        """A sheet of words."""
        say = self.tools.texts.say
        rows = tuple((word.text, word.count) for word in self.results(scene).words)
        columns = (say("atelier", "mot"), say("atelier", "personnes"))
        return (Table(scene.config.question, columns, rows),)
