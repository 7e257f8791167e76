"""The words of what leaves a workshop, and figures as they are written in French."""

from pathlib import Path
from typing import Any

from assistant.knowledge.content import load_yaml
from assistant.texts import Texts
from assistant.workshop.agenda import FOLDER

FILE = "compte_rendu.yaml"
SECTION = "compte_rendu"


class Words:
    """Sentences of ``corpus/ateliers/compte_rendu.yaml``."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    def __call__(self, name: str, /, **details: Any) -> str:
        """One sentence; what people wrote stays as they wrote it."""
        # typesetting the sentence with its details would change what people typed
        marks = {key: f"\ue100{place}\ue101" for place, key in enumerate(details)}
        said = self._texts.say(SECTION, name, **marks)
        for key, mark in marks.items():
            said = said.replace(mark, str(details[key]))
        return said

    def duration(self, minutes: int) -> str:
        """« 1 h 30 », « 2 h », « 45 min »."""
        hours, rest = divmod(minutes, 60)
        if not hours:
            return self("duree_minutes", minutes=minutes)
        if not rest:
            return self("duree_heures", heures=hours)
        return self("duree_longue", heures=hours, minutes=f"{rest:02}")


def load_words(corpus: Path) -> Words:
    """Read the words; raises ``InvalidContent``."""
    path = corpus / FOLDER / FILE
    return Words(Texts(load_yaml(path.read_text(encoding="utf-8"), name=path.name)))


def figure(value: float | str | None) -> str:
    """A cell as text: 3.5 → « 3,5 », None → nothing."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return f"{value:.2f}".rstrip("0").rstrip(".").replace(".", ",")
