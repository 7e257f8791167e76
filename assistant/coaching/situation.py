"""The situation of a case in a few sentences, from ``corpus/rapport.yaml``."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from assistant.casefile.display import Display
from assistant.casefile.facts import Facts
from assistant.casefile.paths import given, read, slots
from assistant.errors import InvalidContent
from assistant.knowledge.content import Strict, load_yaml, validate
from assistant.typography import french

FILE = "rapport.yaml"
_PLACE = re.compile(r"\{([\w.]+)\}")
Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(french)
]


class SituationContent(Strict):
    """Groups of sentences, the most complete first; their placeholders are slots."""

    situation: Annotated[tuple[tuple[Text, ...], ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _names_slots(self) -> Self:
        named = {
            name for group in self.situation for text in group for name in _PLACE.findall(text)
        }
        unknown = sorted(named - set(slots()))
        if unknown:
            raise ValueError(" · ".join(unknown))
        return self


def load_situation(corpus: Path) -> SituationContent:
    """The sentences of a content directory; raises ``InvalidContent``."""
    path = corpus / FILE
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise InvalidContent("fichier_introuvable", fichier=str(path)) from error
    return validate(SituationContent, load_yaml(text, name=FILE), name=FILE)


def situation(facts: Facts, content: SituationContent, display: Display) -> tuple[str, ...]:
    """What is known, in sentences; nothing that nobody said."""
    values = {
        name: _short(display.value(name, value))
        for group in content.situation
        for text in group
        for name in _PLACE.findall(text)
        if given(value := read(facts, name)) and value != ()
    }
    found = (_first(group, values) for group in content.situation)
    return tuple(sentence for sentence in found if sentence)


def _first(group: tuple[str, ...], values: Mapping[str, str]) -> str | None:
    for text in group:
        if all(name in values for name in _PLACE.findall(text)):
            return french(_PLACE.sub(lambda place: values[place[1]], text))
    return None


def _short(value: str) -> str:
    """A value inside a sentence: on one line, without a full stop of its own."""
    return " ; ".join(line.removeprefix("– ").strip() for line in value.splitlines()).rstrip(" .")
