"""One article: its clauses rendered, its tables filled, what is left to say."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant.drafting.documents import markup, schema
from assistant.drafting.documents.crossing import crossed
from assistant.drafting.documents.language import ROW, compiled
from assistant.drafting.documents.logic import View, shown
from assistant.drafting.documents.nodes import (
    Block,
    Column,
    Inlines,
    Missing,
    Negotiation,
    Paragraph,
    SignatureBox,
    Signatures,
    Table,
    Words,
    inlines,
)
from assistant.drafting.documents.scope import Root, context
from assistant.drafting.documents.template import (
    ArticleTemplate,
    ClauseTemplate,
    ColumnTemplate,
    TableTemplate,
)
from assistant.drafting.documents.values import Printer
from assistant.typography import french

REMAINDER = "reste"
_BRACKETED = re.compile(r"(\[[^\[\]]{1,300}\])")


@dataclass(frozen=True, slots=True)
class Edits:
    """What people changed in a document: clauses removed, added, moved, or said in their words."""

    removed: frozenset[str] = frozenset()
    added: frozenset[str] = frozenset()
    order: tuple[str, ...] = ()
    rewritten: Mapping[str, str] = field(default_factory=dict)


class Writer:
    """Renders clauses with the helpers of one document."""

    def __init__(self, printer: Printer, edits: Edits) -> None:
        self._printer = printer
        self._edits = edits
        self._root = Root(printer)
        self._context = context(self._root)
        self._view = View(printer.facts)

    def clauses(self, article: ArticleTemplate) -> tuple[list[ClauseTemplate], list[str]]:
        """The clauses to print, in order, and the optional ones that could be added."""
        there, offered = [], []
        for clause in article.clauses:
            if self._is_in(clause):
                there.append(clause)
            elif clause.optionnelle:
                offered.append(clause.id)
        rank = {name: n for n, name in enumerate(self._edits.order)}
        there.sort(key=lambda clause: rank.get(clause.id, -1 if not rank else len(rank)))
        return there, offered

    def _is_in(self, clause: ClauseTemplate) -> bool:
        if clause.optionnelle and clause.id in self._edits.removed:
            return False
        if clause.id in self._edits.added:
            return True
        return (clause.defaut or not clause.optionnelle) and shown(clause.si, self._view)

    def blocks(self, clause: ClauseTemplate) -> list[Block]:
        """One clause as blocks."""
        if clause.id in self._edits.rewritten:
            own = self._own_words(clause, self._edits.rewritten[clause.id])
            return [*own, *self._negotiations(own, clause.id)]
        found = markup.blocks(self._render(clause.texte), self._printer.placed, clause=clause.id)
        if clause.table is not None:
            found += self._table(clause.table, clause.id)
        if clause.signatures:
            found.append(self._signatures(clause.id))
        return [*found, *self._negotiations(found, clause.id)]

    def _own_words(self, clause: ClauseTemplate, text: str) -> list[Block]:
        """Somebody's text; a gap of the template that is still in it stays a gap."""
        gaps = self._gaps(clause) if "[" in text else {}
        paragraphs = [part.strip() for part in text.replace("\r\n", "\n").split("\n\n")]
        return [Paragraph(clause=clause.id, contenu=_with_gaps(p, gaps)) for p in paragraphs if p]

    def _gaps(self, clause: ClauseTemplate) -> Mapping[str, Missing]:
        """What the template lacks, by the words that say so."""
        found = markup.blocks(self._render(clause.texte), self._printer.placed, clause=clause.id)
        nodes = (node for block in found for node in inlines(block))
        return {plain_spaces(n.texte): n for n in nodes if isinstance(n, Missing)}

    def _render(self, text: str, **names: Any) -> str:
        return compiled(text).render({**self._context, **names}) if text else ""

    def _inline(self, text: str, **names: Any) -> Inlines:
        return markup.inline(self._render(text, **names).strip(), self._printer.placed)

    def _table(self, table: TableTemplate, clause: str) -> list[Block]:
        if table.liste is not None and self._root.inconnu(table.liste):
            gap = markup.inline(self._printer.missing(table.liste), self._printer.placed)
            # a column that may vanish would take the gap with it
            first = next((n for n, c in enumerate(table.colonnes) if not c.facultatif), 0)
            row = [gap if n == first else () for n in range(len(table.colonnes))]
            return [self._grid(table, clause, [row])]
        if table.croise is not None and table.liste is not None:
            return [crossed(self._printer, table, table.croise, clause=clause)]
        rows = self._rows(table)
        if not rows:
            text = table.vide or self._printer.material.library.textes["aucun"]
            return [Paragraph(clause=clause, contenu=(Words(texte=french(text)),))]
        return [self._grid(table, clause, rows)]

    def _rows(self, table: TableTemplate) -> list[list[Inlines]]:
        if table.liste is None:
            return [[self._inline(cell) for cell in row] for row in table.lignes]
        return [
            [self._inline(column.texte, **{ROW: row}) for column in table.colonnes]
            for row in self._root.lignes(table.liste)
        ]

    def _grid(self, table: TableTemplate, clause: str, rows: list[list[Inlines]]) -> Table:
        kept = [n for n, column in enumerate(table.colonnes) if _is_shown(column, n, rows)]
        lines = [
            tuple(() if table.colonnes[n].facultatif and _gap(row[n]) else row[n] for n in kept)
            for row in rows
        ]
        if table.total and kept:
            cells = [self._inline(cell) for cell in table.total]
            blanks: list[Inlines] = [()] * (len(kept) - len(cells))
            lines.append(tuple([*cells[:1], *blanks, *cells[1:]][: len(kept)]))
        columns = (table.colonnes[n] for n in kept)
        return Table(
            clause=clause,
            titre=french(table.titre),
            colonnes=tuple(Column(titre=french(c.titre), nombre=c.nombre) for c in columns),
            lignes=tuple(lines),
            total=bool(table.total),
        )

    def _signatures(self, clause: str) -> Signatures:
        def said(text: str) -> Inlines:
            return markup.inline(text, self._printer.placed)

        boxes = tuple(
            SignatureBox(
                designation=said(row.nom),
                nom=said(row.v("representant.nom")),
                qualite=said(row.v("representant.qualite")),
            )
            for row in self._root.parties
        )
        return Signatures(clause=clause, cases=boxes)

    def _negotiations(self, found: Sequence[Block], clause: str) -> list[Block]:
        slots = dict.fromkeys(
            (schema.pattern(i.slot), i.libelle)
            for block in found for i in inlines(block)
            if isinstance(i, Missing) and i.a_negocier
        )  # fmt: skip
        form = self._printer.material.library.textes["positions"]
        return [
            Negotiation(
                clause=clause,
                slot=slot,
                titre=french(form.format(libelle=label)),
                positions=self._printer.material.negotiations[slot],
            )
            for slot, label in slots
        ]

    def remainder(self, slots: Sequence[str]) -> list[Block]:
        """What no clause shows although it is obligatory."""
        if not slots:
            return []
        text = self._printer.material.library.textes[REMAINDER]
        gaps = [self._printer.missing(slot) for slot in slots]
        content = markup.inline(f"{text} {' ; '.join(gaps)}.", self._printer.placed)
        return [Paragraph(clause=REMAINDER, contenu=content)]


def plain_spaces(text: str) -> str:
    """A text whose spaces all break, as people type it."""
    return " ".join(text.replace("\u2019", "'").split())


def _with_gaps(text: str, gaps: Mapping[str, Missing]) -> Inlines:
    pieces = _BRACKETED.split(text) if gaps else [text]
    nodes = (gaps.get(plain_spaces(piece)) or Words(texte=piece) for piece in pieces if piece)
    return tuple(nodes)


def _gap(cell: Inlines) -> bool:
    return bool(cell) and all(isinstance(i, Missing) for i in cell if i.texte.strip())


def _is_shown(column: ColumnTemplate, number: int, rows: Sequence[Sequence[Inlines]]) -> bool:
    return not column.facultatif or not all(_gap(row[number]) or not row[number] for row in rows)
