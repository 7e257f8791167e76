"""The document that is drafted, checked, versioned and exported (domain/conventions.md §0.6)."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from assistant.casefile.provenance import Origin
from assistant.drafting.documents.nodes import Block, Inlines, Node

Obligation = Literal["O", "C", "F"]
Severity = Literal["bloquant", "alerte", "conseil"]


class FieldState(Node):
    """One field of an article: ``valeur`` as printed, None when nobody gave it."""

    slot: str
    libelle: str
    valeur: str | None
    obligation: Obligation
    origine: Origin | None
    pourquoi: str | None = None


class ClauseState(Node):
    """One clause that is printed, with what supports it."""

    id: str
    sources: tuple[str, ...]
    optionnelle: bool = False
    au_dela: bool = False
    reecrite: bool = False


class Article(Node):
    """One article; ``num`` is None for the parties and the preamble."""

    num: int | None
    code: str
    titre: str
    blocs: tuple[Block, ...]
    texte: str
    statut: Literal["complet", "a_completer", "a_verifier"]
    champs: tuple[FieldState, ...]
    clauses: tuple[ClauseState, ...]
    sources: tuple[str, ...] = ()
    optionnel: bool = False
    proposees: tuple[str, ...] = ()


class Alert(Node):
    """What a rule of the checker found; ``article`` is an article code, or None."""

    regle: str
    severite: Severity
    message: str
    article: str | None = None
    source: str | None = None


class MissingField(Node):
    """One obligatory field that nobody gave; ``chemins`` says where in a list."""

    champ: str
    libelle: str
    question_id: str | None = None
    conditionnel: bool = False
    chemins: tuple[str, ...] = ()


class PartySummary(Node):
    """One side, as named in the document."""

    role: str | None
    designation: Inlines
    denomination: Inlines


class DocumentConvention(Node):
    """A document of any type. ``projet`` stays true until it is ready to sign."""

    type_document: str
    variante: str | None
    titre: str
    version_modele: str
    langue: Literal["fr-FR"] = "fr-FR"
    projet: bool = True
    mots: dict[str, str]
    parties: tuple[PartySummary, ...]
    articles: tuple[Article, ...]
    annexes: tuple[str, ...] = ()
    alertes: tuple[Alert, ...] = ()
    champs_manquants: tuple[MissingField, ...] = ()
    avertissement: Annotated[str, Field(min_length=1)]
    remarques: tuple[str, ...] = ()
    genere_le: date
    parametres_millesime: str | None = None
