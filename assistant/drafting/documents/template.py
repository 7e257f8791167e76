"""Templates of documents as content: what ``corpus/modeles/*.yaml`` may hold.

The format is explained to authors in ``corpus/modeles/LISEZMOI.md``.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from assistant.casefile.source import Cited
from assistant.drafting.documents.logic import Rule, parse_rule
from assistant.errors import CallerError, InvalidContent
from assistant.knowledge.content import Strict, load_yaml, validate

Si = Annotated[Rule, BeforeValidator(parse_rule)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+$")]
ClauseId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:[.-][a-z0-9]+)+$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Sources = Annotated[tuple[Cited, ...], Field(min_length=1)]
ArticleCode = Literal[
    "parties", "preambule", "objet", "perimetre", "objectifs", "actions", "engagements", "moyens",
    "finances", "don", "affectation", "contreparties", "fiscal", "independance", "biens", "remise",
    "mission", "salaries", "rythme", "lieu", "encadrement", "securite", "cout", "recu", "prix",
    "reception", "obligations_sociales", "sous_traitance", "visibilite", "pilotage",
    "parties_prenantes", "evaluation", "communication", "pi", "donnees", "confidentialite",
    "exclusivite", "responsabilite", "ethique", "duree", "resiliation", "revision", "litiges",
    "portee", "principes", "travaux", "couts", "conditions", "suites", "signatures", "plan",
    "eval", "variante", "document", "annexes",
]  # fmt: skip


class UnknownDocument(CallerError):
    """A type of document that has no template."""

    code = "modele_document_inconnu"
    status = 404


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


class FieldTemplate(Strict):
    """One field that an article asks for; ``C`` needs a condition."""

    slot: str
    obligation: Literal["O", "C", "F"]
    si: Si | None = None
    ou: tuple[str, ...] = ()
    au_moins: int = 0
    pourquoi: Text | None = None

    @model_validator(mode="after")
    def _conditional_says_when(self) -> Self:
        if (self.obligation == "C") != (self.si is not None):
            raise ValueError(self.slot)
        return self


class ColumnTemplate(Strict):
    """One column; ``facultatif`` columns vanish when no row fills them."""

    titre: Text
    texte: Text
    nombre: bool = False
    facultatif: bool = False


class Crossing(Strict):
    """Rows of a list crossed by who gave them: one line a subject, one column a party.

    ``lignes``, ``colonnes`` and ``valeur`` name fields of a row; ``ecart`` and ``commune`` are the
    titles of two more columns: the computed gap, and an empty one to fill in together.
    """

    lignes: str
    colonnes: str
    valeur: str
    ecart: Text
    commune: Text
    sans_objet: Text
    sans_reponse: Text


class TableTemplate(Strict):
    """A table over the rows of a slot (``liste``), or with rows of its own (``lignes``).

    With ``croise``, the first column is titled and the others come from the rows.
    """

    titre: Text
    liste: str | None = None
    croise: Crossing | None = None
    lignes: tuple[tuple[str, ...], ...] = ()
    vide: Text | None = None
    colonnes: Annotated[tuple[ColumnTemplate, ...], Field(min_length=1)]
    total: tuple[str, ...] = ()


class ClauseTemplate(Strict):
    """One clause: its words, when it is there, what supports it."""

    id: ClauseId
    si: Si | None = None
    sources: Sources
    au_dela: bool = False
    optionnelle: bool = False
    defaut: bool = True
    avant: bool = False
    texte: str = ""
    table: TableTemplate | None = None
    signatures: bool = False


class ArticleTemplate(Strict):
    """One article, alone or over shared blocks (``commun``)."""

    code: ArticleCode
    titre: Text | None = None
    numero: bool = True
    optionnel: bool = False
    si: Si | None = None
    sources: tuple[Cited, ...] = ()
    commun: Annotated[tuple[Name, ...], BeforeValidator(_listed)] = ()
    sans: tuple[str, ...] = ()
    champs: tuple[FieldTemplate, ...] = ()
    clauses: tuple[ClauseTemplate, ...] = ()


class Variant(Strict):
    """A document under another title when a condition holds."""

    variante: Name
    titre: Text | None = None
    si: Si | None = None


Vocabulary = Mapping[str, Mapping[Any, Text]]


class DocumentTemplate(Strict):
    """One type of document."""

    document: Name
    titre: Text
    version: str
    avertissement: Name = "avertissement"
    roles: tuple[str, ...] = ()
    sources: Sources
    variantes: tuple[Variant, ...] = ()
    vocabulaire: dict[str, dict[Any, str]] = {}  # noqa: RUF012 - pydantic copies it
    articles: Annotated[tuple[ArticleTemplate, ...], Field(min_length=1)]


class CommonBlocks(Strict):
    """``communs.yaml``: shared blocks, words of choices, fixed sentences."""

    version: str
    textes: dict[str, Text]
    roles: dict[str, Text]
    vocabulaire: dict[str, dict[Any, str]]
    blocs: dict[Name, ArticleTemplate]


class Additions(Strict):
    """What an organisation adds to ours: clauses by article code."""

    clauses: dict[str, tuple[ClauseTemplate, ...]] = {}  # noqa: RUF012
    textes: dict[str, Text] = {}  # noqa: RUF012
    roles: dict[str, Text] = {}  # noqa: RUF012
    vocabulaire: dict[str, dict[Any, str]] = {}  # noqa: RUF012
    blocs: dict[Name, ArticleTemplate] = {}  # noqa: RUF012
    version: str = ""


class TemplateLibrary(Strict):
    """Every document, with shared blocks already put in place."""

    version: str
    textes: dict[str, str]
    roles: dict[str, str]
    vocabulaire: dict[str, dict[Any, str]]
    documents: dict[str, DocumentTemplate]
    partagees: frozenset[str] = frozenset()

    def document(self, name: str) -> DocumentTemplate:
        """One template; raises ``UnknownDocument``."""
        try:
            return self.documents[name]
        except KeyError:
            raise UnknownDocument(document=name, connus=", ".join(self.documents)) from None

    def words(self, document: DocumentTemplate, pattern: str) -> Mapping[Any, str]:
        """The words printed for the values of a slot (« parties[].role » style names)."""
        own = document.vocabulaire.get(pattern)
        return own if own is not None else self.vocabulaire.get(pattern, {})


def _merged(
    article: ArticleTemplate, blocks: Mapping[str, ArticleTemplate], added: Additions
) -> ArticleTemplate:
    """An article with its shared blocks written out; own entries replace by slot and by id."""
    shared = [blocks[name] for name in article.commun]
    fields = {f.slot: f for block in shared for f in block.champs}
    fields |= {f.slot: f for f in article.champs}
    own = {clause.id: clause for clause in article.clauses}
    inherited = {
        c.id: own.pop(c.id, c) for b in shared for c in b.clauses if c.id not in article.sans
    }
    clauses = (
        *(c for c in own.values() if c.avant),
        *inherited.values(),
        *(c for c in own.values() if not c.avant),
        *added.clauses.get(article.code, ()),
    )
    sources = tuple(dict.fromkeys((*article.sources, *(s for b in shared for s in b.sources))))
    title = article.titre or next((b.titre for b in shared if b.titre), None) or article.code
    return article.model_copy(
        update={
            "titre": title, "champs": tuple(fields.values()), "clauses": clauses,
            "sources": sources, "commun": (), "sans": (),
        }
    )  # fmt: skip


def _articles(
    document: DocumentTemplate, blocks: Mapping[str, ArticleTemplate], added: Additions
) -> Iterator[ArticleTemplate]:
    """Every article; what is added to a code goes to the first that has it."""
    seen: set[str] = set()
    for article in document.articles:
        yield _merged(article, blocks, Additions() if article.code in seen else added)
        seen.add(article.code)


def _files(folder: Path) -> Iterator[tuple[str, Any]]:
    for path in sorted(folder.glob("*.yaml")):
        yield path.name, load_yaml(path.read_text(encoding="utf-8"), name=path.name)


def load_templates(folder: Path, override: Path | None = None) -> TemplateLibrary:
    """Read ``corpus/modeles``; an organisation's folder replaces or adds, file by file.

    Raises ``InvalidContent`` for a file that does not follow the schema.
    """
    raw = dict(_files(folder))
    common = validate(CommonBlocks, raw.pop("communs.yaml"), name="communs.yaml")
    added = Additions()
    if override is not None:
        theirs = dict(_files(override))
        added = validate(Additions, theirs.pop("communs.yaml", {}), name="communs.yaml")
        raw |= theirs
    blocks = {**common.blocs, **added.blocs}
    documents = {}
    for name, value in raw.items():
        document = validate(DocumentTemplate, value, name=name)
        unknown = {c for a in document.articles for c in a.commun} - set(blocks)
        if unknown:
            raise InvalidContent(
                "champ_invalide", fichier=name, champ="commun", raison=min(unknown)
            )
        articles = tuple(_articles(document, blocks, added))
        documents[document.document] = document.model_copy(update={"articles": articles})
    return TemplateLibrary(
        version=common.version + (f"+{added.version}" if added.version else ""),
        textes={**common.textes, **added.textes},
        roles={**common.roles, **added.roles},
        vocabulaire={**common.vocabulaire, **added.vocabulaire},
        documents=documents,
        partagees=frozenset(
            clause.id
            for clauses in (*(block.clauses for block in blocks.values()), *added.clauses.values())
            for clause in clauses
        ),
    )
