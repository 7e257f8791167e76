"""A document out of the facts of a case: what was said and nothing else, and what is missing."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from assistant.casefile import paths
from assistant.casefile.facts import Facts
from assistant.casefile.provenance import Origin, origin_of
from assistant.drafting.documents import schema
from assistant.drafting.documents.document import (
    Alert,
    Article,
    ClauseState,
    DocumentConvention,
    FieldState,
    MissingField,
    PartySummary,
)
from assistant.drafting.documents.logic import View, shown
from assistant.drafting.documents.markup import inline
from assistant.drafting.documents.nodes import (
    Block,
    Missing,
    Note,
    Position,
    inlines,
    plain,
    text_of,
)
from assistant.drafting.documents.obligations import Need, article_needs
from assistant.drafting.documents.scope import Row
from assistant.drafting.documents.template import (
    ArticleTemplate,
    DocumentTemplate,
    FieldTemplate,
    TemplateLibrary,
)
from assistant.drafting.documents.values import Material, ParameterSource, Printer
from assistant.drafting.documents.writing import Edits, Writer
from assistant.typography import french

# words that files need beside the text of the document itself
WORDS = (
    "article", "projet", "sommaire", "page", "sur", "annexe", "alertes", "manques", "caracteres",
    "sans_position", "signature_mention", "conditionnel", "avertissement_titre",
)  # fmt: skip


def draft(
    facts: Facts,
    document: str,
    *,
    library: TemplateLibrary,
    labels: Mapping[str, str],
    today: date,
    parameters: ParameterSource | None = None,
    origins: Mapping[str, Origin] | None = None,
    issues: Sequence[Alert] = (),
    negotiations: Mapping[str, tuple[Position, ...]] | None = None,
    edits: Edits | None = None,
    questions: Mapping[str, str] | None = None,
    choices: Mapping[str, Mapping[Any, str]] | None = None,
    vintage: str | None = None,
    ready: bool = False,
) -> DocumentConvention:
    """Write a document.

    ``labels``, ``questions`` and ``choices`` (words of listed values that templates do not
    word) go by slot; ``origins`` by slot or block, ``""`` for the whole
    case; ``ready`` takes « PROJET » away and is the caller's to prove. Pure: same arguments, same
    document. Raises ``UnknownDocument``.
    """
    template = library.document(document)
    material = Material(
        library=library,
        labels=labels,
        parameters=parameters,
        today=today,
        origins=origins or {},
        negotiations=negotiations or {},
        questions=questions or {},
        choices=choices or {},
    )
    printer = Printer(facts, template, material)
    maker = _Maker(printer, template, edits or Edits(), tuple(issues))
    return maker.document(vintage=vintage, ready=ready)


def _variant(template: DocumentTemplate, facts: Facts) -> tuple[str | None, str]:
    for variant in template.variantes:
        if shown(variant.si, View(facts)):
            return variant.variante, variant.titre or template.titre
    return None, template.titre


class _Maker:
    """Articles of one document, and what they lack."""

    def __init__(
        self, printer: Printer, template: DocumentTemplate, edits: Edits, issues: tuple[Alert, ...]
    ) -> None:
        self._printer = printer
        self._template = template
        self._edits = edits
        self._writer = Writer(printer, edits)
        self._issues = issues
        self._blamed = {i.article for i in issues if i.severite != "conseil"}
        self._needs: dict[str, Need] = {}

    def document(self, *, vintage: str | None, ready: bool) -> DocumentConvention:
        """The whole document."""
        library, today = self._printer.material.library, self._printer.material.today
        articles = self.articles()
        variant, title = _variant(self._template, self._printer.facts)
        return DocumentConvention(
            type_document=self._template.document,
            variante=variant,
            titre=french(title),
            version_modele=f"{self._template.version}/{library.version}",
            projet=not ready,
            mots={name: french(library.textes[name]) for name in WORDS},
            parties=self.parties(),
            articles=articles,
            annexes=self._printer.facts.annexes or (),
            alertes=self._issues,
            champs_manquants=self.missing(articles),
            avertissement=french(library.textes[self._template.avertissement]),
            remarques=self.remarks(),
            genere_le=today,
            parametres_millesime=vintage,
        )

    def articles(self) -> tuple[Article, ...]:
        """The articles to print, numbered."""
        found: list[Article] = []
        number = 0
        for template in self._template.articles:
            if template.optionnel and template.code in self._edits.removed:
                continue
            view = View(self._printer.facts)
            if not shown(template.si, view) and template.code not in self._edits.added:
                self._keep(self._asked(template))  # it may still come: it asks « selon le cas »
                continue
            number += template.numero
            found.append(self._article(template, number if template.numero else None))
        return tuple(found)

    def _article(self, template: ArticleTemplate, number: int | None) -> Article:
        clauses, offered = self._writer.clauses(template)
        blocks = [block for clause in clauses for block in self._writer.blocks(clause)]
        needs = self._asked(template)
        self._keep(needs)
        gaps = _gaps(blocks)
        hidden = [
            path for need in needs if not need.conditional
            for path in need.gaps if not _said(path, gaps)
        ]  # fmt: skip
        blocks += self._writer.remainder(hidden)
        return Article(
            num=number,
            code=template.code,
            titre=french(template.titre or template.code),
            blocs=tuple(blocks),
            texte="\n\n".join(text_of(block) for block in blocks),
            statut=self._status(template, blocks),
            champs=tuple(self._field(field) for field in template.champs),
            clauses=tuple(
                ClauseState(
                    id=clause.id,
                    sources=tuple(str(source) for source in clause.sources),
                    optionnelle=clause.optionnelle,
                    au_dela=clause.au_dela,
                    reecrite=clause.id in self._edits.rewritten,
                )
                for clause in clauses
            ),
            sources=tuple(str(source) for source in template.sources),
            optionnel=template.optionnel,
            proposees=tuple(offered),
        )

    def _asked(self, template: ArticleTemplate) -> list[Need]:
        parties = max(len(self._template.roles), 2)
        return article_needs(template, self._printer.facts, parties=parties)

    def _keep(self, needs: Iterable[Need]) -> None:
        for need in needs:
            known = self._needs.get(need.slot)
            if known is None or (known.conditional and not need.conditional):
                self._needs[need.slot] = need

    def _status(self, template: ArticleTemplate, blocks: Sequence[Block]) -> str:
        nodes = [node for block in blocks for node in inlines(block)]
        if any(isinstance(node, Missing) for node in nodes):
            return "a_completer"
        unsure = any(isinstance(node, Note) and node.a_verifier for node in nodes)
        return "a_verifier" if unsure or template.code in self._blamed else "complet"

    def _field(self, field: FieldTemplate) -> FieldState:
        head = schema.bare(field.slot)
        return FieldState(
            slot=field.slot,
            libelle=self._printer.label(field.slot),
            valeur=self._printed(field.slot),
            obligation=field.obligation,
            origine=None
            if self._printed(field.slot) is None
            else origin_of(head, self._printer.material.origins),
            pourquoi=field.pourquoi and french(field.pourquoi),
        )

    def _printed(self, slot: str) -> str | None:
        """A field's value as words; rows and parties are joined, a table says how many lines."""
        head, _, rest = slot.partition("[].")
        value = paths.read(self._printer.facts, schema.bare(head))
        if rest:
            values = [paths.read(row, rest) for row in value or ()]
        elif isinstance(value, dict):
            values = [f"{key} : {self._words(slot, item)}" for key, item in value.items()]
        else:
            values = [value]
        said = [self._words(slot, item) for item in values if paths.given(item)]
        return "\u202f; ".join(said) if said else None

    def _words(self, slot: str, value: object) -> str:
        if isinstance(value, tuple) and any(hasattr(item, "model_fields") for item in value):
            return str(len(value))
        if hasattr(value, "model_dump"):
            return " ".join(str(v) for v in value.model_dump(exclude_none=True).values())
        placed = self._printer.any(schema.bare(slot) if "[]" not in slot else slot, value)
        return plain(inline(placed, self._printer.placed))

    def parties(self) -> tuple[PartySummary, ...]:
        """Who the document is between."""
        found = []
        for number, party in self._printer.parties:
            row = Row(self._printer, f"parties.{number}", party)
            found.append(
                PartySummary(
                    role=self._printer.role_of(number),
                    designation=inline(row.nom, self._printer.placed),
                    denomination=inline(row.v("denomination"), self._printer.placed),
                )
            )
        return tuple(found)

    def missing(self, articles: Sequence[Article]) -> tuple[MissingField, ...]:
        """Every gap: obligatory fields, and what the text shows as missing."""
        gaps: dict[str, tuple[bool, list[str]]] = {
            need.slot: (need.conditional, list(need.gaps))
            for need in self._needs.values() if not need.filled
        }  # fmt: skip
        for article in articles:
            for node in (node for block in article.blocs for node in inlines(block)):
                if isinstance(node, Missing):
                    key = self._key(node.slot)
                    _, places = gaps.get(key, (False, []))
                    known = node.slot in places
                    gaps[key] = (False, places if known else [*places, node.slot])
        return tuple(self._missing_field(slot, *found) for slot, found in gaps.items())

    def _key(self, slot: str) -> str:
        """A gap in a row belongs to the field asked by row, the table by party, or the list."""
        name = schema.pattern(slot)
        head = name.partition("[]")[0]
        for candidate in (name, f"{head}{{}}", head):
            if candidate in self._needs:
                return candidate
        return head if "[]" in name else name

    def _missing_field(self, slot: str, conditional: bool, places: list[str]) -> MissingField:
        questions = self._printer.material.questions
        names = (slot, schema.bare(slot))
        return MissingField(
            champ=slot,
            libelle=self._printer.label(slot),
            question_id=next((questions[n] for n in names if n in questions), None),
            conditionnel=conditional,
            chemins=tuple(places),
        )

    def remarks(self) -> tuple[str, ...]:
        """What the tool changed in what was given."""
        cleaned = self._printer.cleaned
        if not cleaned:
            return ()
        form = self._printer.material.library.textes["retires"]
        return (french(form.format(libelles=", ".join(cleaned))),)


def _gaps(blocks: Iterable[Block]) -> set[str]:
    return {n.slot for b in blocks for n in inlines(b) if isinstance(n, Missing)}


def _said(path: str, gaps: set[str]) -> bool:
    # a list nobody filled shows one gap, which stands for its first line too
    return any(
        gap == path or gap.startswith(f"{path}.") or path.startswith(f"{gap}.0.") for gap in gaps
    )


__all__ = ["Edits", "draft"]
