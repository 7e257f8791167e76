"""The French of the recommendation, from ``corpus/recommandation.yaml``."""

from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from assistant.casefile.source import Cited
from assistant.coaching.recommendation import catalogue
from assistant.errors import CallerError
from assistant.knowledge.content import Strict, Text, load_yaml, validate

FILE = "recommandation.yaml"


class Said(Strict):
    """A text with where it comes from."""

    texte: Text
    sources: Annotated[tuple[Cited, ...], Field(min_length=1)]


class Wording(Strict):
    """Every text by id, and the words that name something shown to the public.

    Exactly the ids that the code may use: none missing, none left over.
    """

    visibilite: Annotated[frozenset[str], Field(min_length=1)]
    barycentre: Said
    raisons: dict[str, Said]
    alertes: dict[str, Said]
    ecartes: dict[str, Said]
    suites: dict[str, Said]
    libelles: dict[str, Text]

    @property
    def visibility(self) -> frozenset[str]:
        """Slugs of words, in the singular."""
        return self.visibilite

    @model_validator(mode="after")
    def _complete(self) -> Self:
        for section, ids in catalogue.SECTIONS.items():
            wrong = set(getattr(self, section)) ^ ids
            if wrong:
                raise ValueError(f"{section} : {', '.join(sorted(wrong))}")
        return self


def load_wording(corpus: Path) -> Wording:
    """Read the texts of a content directory.

    Raises ``InvalidContent`` when they do not follow the schema, ``CallerError`` when the file is
    not there.
    """
    path = corpus / FILE
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise CallerError("contenu_introuvable", dossier=str(corpus)) from error
    return validate(Wording, load_yaml(text, name=FILE), name=FILE)
