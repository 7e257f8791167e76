"""The content files as typed values: cards, example sheets, glossary, sources.

Schemas only; reading directories is ``corpus.py``, judging the content is ``check.py``.
"""

import re
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from assistant.errors import InvalidContent
from assistant.knowledge.unit import Block, BlockKind, Reference, Unit, UnitKind
from assistant.typography import french

M = TypeVar("M", bound=BaseModel)
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Actor = Literal["association", "entreprise", "collectivite"]
Category = Literal[
    "mecenat", "pratiques_responsables", "cooperation_economique", "innovation_societale"
]
Model = Literal[
    "mecenat_traditionnel",
    "engagement_actif",
    "partage_expertise",
    "rd_societale",
    "modele_hybride",
    "offre_commune",
    "alternative_interet_general",
    "audit_pratiques",
    "prestation_service",
]
Nature = Literal[
    "definition", "methode", "etape", "critere", "objectif", "risque", "frein", "typologie",
    "chiffre", "histoire", "territoire", "outil", "ressource", "organisme", "personne",
    "juridique", "correctif",
]  # fmt: skip
Domain = Literal[
    "emploi_insertion", "developpement_economique", "niveau_de_vie", "pauvrete_exclusion",
    "logement", "handicap_diversite", "vieillissement", "lien_social", "education", "sante",
    "securite", "mobilite", "numerique", "culture_sport", "environnement",
    "transition_energetique", "biodiversite", "gouvernance", "ethique", "engagement_salaries",
    "ingenierie_alliance",
]  # fmt: skip
Iso26000 = Literal[
    "gouvernance", "droits_homme", "relations_travail", "environnement", "consommateurs",
    "communautes", "loyaute",
]  # fmt: skip


class Strict(BaseModel):
    """Unknown keys are an error: a misspelt field must not pass for an absent one."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SourceReference(Strict):
    """A place in a source document."""

    document: str
    page: int | None = None
    section: Text

    def to_reference(self) -> Reference:
        """The value that units carry."""
        return Reference(self.document, self.page, french(self.section))


class Section(Strict):
    """A section that at least one card must cover."""

    titre: Text
    pages: tuple[int, int] | None = None


class SourceDocument(Strict):
    """A document that cards restate; ``pages`` is None when it is not paged."""

    id: Slug
    titre: Text
    titre_court: Text
    auteur: Text
    date: Text
    pages: int | None = None
    au_dela_du_guide: bool = False
    sections: tuple[Section, ...]


class _Sheet(Strict):
    """What cards and example sheets share."""

    id: Slug
    titre: Text
    acteurs: tuple[Actor, ...] = ()
    sources: Annotated[tuple[SourceReference, ...], Field(min_length=1)]
    questions: Annotated[tuple[Text, ...], Field(min_length=5)]
    body: Text

    def blocks(self) -> tuple[Block, ...]:
        """The body cut into blocks; raises ``InvalidContent`` when a mark has no source."""
        return parse_blocks(self.body, sources=len(self.sources))


class Card(_Sheet):
    """A knowledge card: see ``corpus/LISEZMOI.md``."""

    nature: Nature
    etape: Annotated[int, Field(ge=1, le=7)] | None = None
    voir_aussi: tuple[Slug, ...] = ()
    date_valeur: str | None = None
    base: str | None = None
    au_dela: bool = False

    @model_validator(mode="after")
    def _figures_are_dated(self) -> Self:
        if self.nature == "chiffre" and not self.date_valeur:
            raise ValueError("date_valeur manque pour un chiffre")
        return self

    def to_unit(self) -> Unit:
        """The card as retrieval sees it."""
        return Unit(
            id=self.id,
            kind=UnitKind.CARD,
            title=french(self.titre),
            blocks=self.blocks(),
            references=tuple(s.to_reference() for s in self.sources),
            questions=tuple(french(q) for q in self.questions),
            actors=self.acteurs,
            step=self.etape,
            nature=self.nature,
            see_also=self.voir_aussi,
            url=f"/fiches/{self.id}",
        )


class Example(_Sheet):
    """An example sheet: a partnership that a source names."""

    organisations: Annotated[tuple[Text, ...], Field(min_length=1)]
    categorie: Category | None
    categorie_deduite: bool = False
    modele: Model | None = None
    domaine: tuple[Domain, ...] = ()
    territoire: str | None = None
    odd: tuple[Annotated[int, Field(ge=1, le=17)], ...] = ()
    odd_deduits: bool = False
    iso26000: tuple[Iso26000, ...] = ()

    def to_unit(self) -> Unit:
        """The sheet as retrieval sees it."""
        return Unit(
            id=f"exemple-{self.id}",
            kind=UnitKind.EXAMPLE,
            title=french(self.titre),
            blocks=self.blocks(),
            references=tuple(s.to_reference() for s in self.sources),
            questions=tuple(french(q) for q in self.questions),
            actors=self.acteurs,
            nature="exemple",
            url=f"/exemples/{self.id}",
        )


class Term(Strict):
    """A glossary entry; its synonyms and variants drive query expansion."""

    terme: Text
    definition: Text
    abreviations: tuple[Text, ...] = ()
    synonymes: tuple[Text, ...] = ()
    variantes: tuple[Text, ...] = ()
    voir: tuple[Text, ...] = ()
    sources: tuple[SourceReference, ...] = ()

    def forms(self) -> tuple[str, ...]:
        """Every way to write the term, the term itself first."""
        return (self.terme, *self.abreviations, *self.synonymes, *self.variantes)


class OffTopic(Strict):
    """A neighbouring subject that the corpus does not cover, and where to look instead."""

    id: Slug
    sujet: Text
    reponse: Text
    questions: Annotated[tuple[Text, ...], Field(min_length=3)]
    fiches: tuple[Slug, ...] = ()
    nature: Literal["voisin", "ailleurs"] = "voisin"

    def to_unit(self) -> Unit:
        """The topic as retrieval sees it: found first, it makes the assistant abstain."""
        return Unit(
            id=f"hors-champ-{self.id}",
            kind=UnitKind.OFF_TOPIC,
            title=french(self.sujet),
            blocks=(Block(BlockKind.PARAGRAPH, french(self.reponse), ()),),
            references=(),
            questions=tuple(french(q) for q in self.questions),
            nature=self.nature,
            see_also=self.fiches,
        )


_MARKS = re.compile(r"(?:\s*\[\^(\d+)\])+\s*$")
_MARK = re.compile(r"\[\^(\d+)\]")
_LIST_ITEM = re.compile(r"^(?:(-|\*)|(\d+)[.)])\s+(.*)$")


def parse_blocks(body: str, *, sources: int) -> tuple[Block, ...]:
    """Cut a card's Markdown body into blocks and read their ``[^n]`` marks.

    Raises ``InvalidContent`` for a mark without a source or a construct outside the subset.
    """
    blocks: list[Block] = []
    for paragraph in re.split(r"\n\s*\n", body.strip()):
        for kind, text in _split_paragraph(paragraph):
            numbers = tuple(int(n) - 1 for n in _MARK.findall(text)) or (0,)
            if any(n < 0 or n >= sources for n in numbers):
                raise InvalidContent("marque_sans_source", extrait=text[-60:])
            blocks.append(Block(kind, french(_MARK.sub("", text).strip()), numbers))
    return tuple(blocks)


def _split_paragraph(paragraph: str) -> list[tuple[BlockKind, str]]:
    items: list[tuple[BlockKind, str]] = []
    for line in paragraph.splitlines():
        match = _LIST_ITEM.match(line.strip())
        if match:
            kind = BlockKind.BULLET if match[1] else BlockKind.STEP
            items.append((kind, match[3]))
        elif items:
            items[-1] = (items[-1][0], f"{items[-1][1]} {line.strip()}")
        else:
            items.append((BlockKind.PARAGRAPH, line.strip()))
    return items


def parse_front_matter(path: Path) -> dict[str, Any]:
    """Read a ``---`` delimited YAML head and put the rest under ``body``.

    Raises ``InvalidContent`` naming the file when the head is missing or is not YAML.
    """
    try:
        parts = path.read_text(encoding="utf-8").split("---\n", 2)
    except UnicodeDecodeError as error:
        raise InvalidContent("yaml_invalide", fichier=path.name, raison="UTF-8") from error
    if len(parts) != 3 or parts[0].strip():
        raise InvalidContent("entete_manquant", fichier=path.name)
    return {**load_yaml(parts[1], name=path.name), "body": parts[2].strip()}


def load_yaml(text: str, *, name: str) -> dict[str, Any]:
    """Parse YAML safely; raises ``InvalidContent`` naming the file."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        data = yaml.load(text, Loader=loader)  # noqa: S506  (both loaders are safe ones)
    except yaml.YAMLError as error:
        reason = " ".join(str(error).split())
        raise InvalidContent("yaml_invalide", fichier=name, raison=reason) from error
    if not isinstance(data, dict):
        raise InvalidContent("yaml_invalide", fichier=name, raison="mapping")
    return data


def validate(model: type[M], data: dict[str, Any], *, name: str) -> M:
    """Build ``model`` from ``data``; raises ``InvalidContent`` naming the file and the field."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise InvalidContent(
            "champ_invalide", fichier=name, champ=field, raison=first["msg"]
        ) from error
