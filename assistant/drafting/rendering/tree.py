"""A typed document as pandoc's document tree (its JSON form), for every format alike.

Built from plain dictionaries: nobody's text is ever parsed as markup.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from assistant.drafting.documents.document import Article, DocumentConvention, MissingField
from assistant.drafting.documents.nodes import (
    Block,
    Bullets,
    Inline,
    Inlines,
    Missing,
    Negotiation,
    Paragraph,
    Signatures,
    Table,
    Value,
)

Node = dict[str, Any]
Flavour = Literal["docx", "odt", "html", "md", "typst"]
API = [1, 23, 1]
_BREAK = re.compile(r"(\n)")
WARNING, TITLE, CAPTION, KEPT, GAP, TOC = (
    "Avertissement", "Title", "Table Caption", "Signature", "Manquant", "TOC 1",
)  # fmt: skip


def attr(name: str = "", classes: Sequence[str] = (), **pairs: str) -> list[Any]:
    """Pandoc's attributes; ``custom_style`` is written ``custom-style``."""
    return [name, list(classes), [[key.replace("_", "-"), value] for key, value in pairs.items()]]


def text(words: str) -> list[Node]:
    """Words as they are; a line end is a line break."""
    return [
        {"t": "LineBreak"} if part == "\n" else {"t": "Str", "c": part}
        for part in _BREAK.split(words) if part
    ]  # fmt: skip


def para(content: list[Node]) -> Node:
    """One paragraph."""
    return {"t": "Para", "c": content}


def styled(style: str, blocks: list[Node]) -> Node:
    """Blocks under a named style."""
    return {
        "t": "Div",
        "c": [attr("", [style.lower().replace(" ", "-")], custom_style=style), blocks],
    }


def header(level: int, words: str, name: str) -> Node:
    """A heading that can be linked to."""
    return {"t": "Header", "c": [level, attr(name), text(words)]}


@dataclass(slots=True)
class Tree:
    """Builds one tree; ``fields`` lists the bookmarks put round values, with their slots."""

    document: DocumentConvention
    flavour: Flavour
    fields: list[tuple[str, str]] = field(default_factory=list)

    @property
    def _level(self) -> int:
        return 1 if self.flavour in ("docx", "odt") else 2

    def build(self) -> Node:
        """The whole document."""
        document = self.document
        meta = {
            "lang": {"t": "MetaString", "c": document.langue},
            "pagetitle": {"t": "MetaString", "c": document.titre},
        }
        body = [*self._front(), *self._contents(), *self._articles(), *self._review()]
        return {"pandoc-api-version": API, "meta": meta, "blocks": body}

    def _front(self) -> Iterator[Node]:
        document = self.document
        if self._level == 1:
            yield styled(TITLE, [para(text(document.titre))])
        else:
            yield header(1, document.titre, "titre")
        if document.projet:
            yield styled("Projet", [para(text(document.mots["projet"]))])
        title = f"{document.mots['avertissement_titre']}."
        content = [{"t": "Strong", "c": text(title)}, *text(f" {document.avertissement}")]
        yield styled(WARNING, [para(content)])

    def titles(self) -> list[tuple[str, str]]:
        """The headings of the table of contents: anchor and words."""
        found = [(f"article-{n}", self.heading(a)) for n, a in enumerate(self.document.articles)]
        words = self.document.mots
        if self.document.projet and self.document.champs_manquants:
            found.append(("manques", words["manques"]))
        if self.document.projet and self.document.alertes:
            found.append(("alertes", words["alertes"]))
        return found

    def heading(self, article: Article) -> str:
        """« Article 3 – Don et versements »."""
        if article.num is None:
            return article.titre
        form = self.document.mots["article"]
        return form.format(numero=article.num, titre=article.titre)

    def _contents(self) -> Iterator[Node]:
        # the PDF has an outline of its own; Markdown has no anchors to link to
        if self.flavour in ("typst", "md"):
            return
        links = [
            {"t": "Link", "c": [attr(), text(words), [f"#{anchor}", ""]]}
            for anchor, words in self.titles()
        ]
        word = self.document.mots["sommaire"]
        if self.flavour == "html":
            items = [[{"t": "Plain", "c": [link]}] for link in links]
            nav = [header(2, word, "sommaire"), {"t": "BulletList", "c": items}]
            yield {"t": "Div", "c": [attr("", ["sommaire"], role="navigation"), nav]}
            return
        title = "TOC Heading" if self.flavour == "docx" else "SommaireTitre"
        yield styled(title, [para(text(word))])
        yield from _field_of_contents(links) if self.flavour == "docx" else _index(links)

    def _articles(self) -> Iterator[Node]:
        for number, article in enumerate(self.document.articles):
            yield header(self._level, self.heading(article), f"article-{number}")
            # the last article stays with the signatures: no page of signatures alone
            last = any(isinstance(block, Signatures) for block in article.blocs)
            for block in article.blocs:
                nodes = list(self._block(block))
                if isinstance(block, Paragraph) and last:
                    nodes = [styled(KEPT, nodes)]
                yield from nodes

    def _review(self) -> Iterator[Node]:
        document = self.document
        if document.projet and document.champs_manquants:
            yield header(self._level, document.mots["manques"], "manques")
            yield bullets(text(self._gap(missing)) for missing in document.champs_manquants)
        if document.projet and document.alertes:
            yield header(self._level, document.mots["alertes"], "alertes")
            yield bullets(text(alert.message) for alert in document.alertes)
        for remark in document.remarques:
            yield styled(WARNING, [para(text(remark))])

    def _gap(self, missing: MissingField) -> str:
        suffix = f" {self.document.mots['conditionnel']}" if missing.conditionnel else ""
        return missing.libelle + suffix

    def _block(self, block: Block) -> Iterator[Node]:
        match block:
            case Paragraph():
                yield para(self.inlines(block.contenu))
            case Bullets():
                rows = [[{"t": "Para", "c": self.inlines(item)}] for item in block.elements]
                start = [1, {"t": "Decimal"}, {"t": "Period"}]
                ordered = {"t": "OrderedList", "c": [start, rows]}
                yield ordered if block.ordonnee else {"t": "BulletList", "c": rows}
            case Table():
                yield from self._table(block)
            case Negotiation():
                yield styled(WARNING, list(self._negotiation(block)))
            case Signatures():
                yield self._signatures(block)

    def _negotiation(self, block: Negotiation) -> Iterator[Node]:
        yield para([{"t": "Strong", "c": text(block.titre)}])
        yield bullets(
            [*text(f"{p.partie}\u00a0: "), *text(p.texte or self.document.mots["sans_position"])]
            for p in block.positions
        )

    def _table(self, block: Table) -> Iterator[Node]:
        rows = [[self.inlines(cell) for cell in row] for row in block.lignes]
        if block.total and rows:
            rows[-1] = [[{"t": "Strong", "c": cell}] if cell else [] for cell in rows[-1]]
        aligns = ["AlignRight" if c.nombre else "AlignLeft" for c in block.colonnes]
        heads = [self._head(text(column.titre)) for column in block.colonnes]
        yield grid(heads, rows, aligns, caption=text(block.titre))

    def _head(self, content: list[Node]) -> list[Node]:
        # the other formats set the cells of a head in bold by themselves
        return [{"t": "Strong", "c": content}] if self._level == 1 else content

    def _signatures(self, block: Signatures) -> Node:
        heads = [self._head(self.inlines(case.designation)) for case in block.cases]
        lines = [
            [self.inlines(case.nom) for case in block.cases],
            [self.inlines(case.qualite) for case in block.cases],
            [text(self.document.mots["signature_mention"]) for _ in block.cases],
        ]
        table = grid(heads, lines, ["AlignLeft"] * len(heads), caption=[], cell=_kept)
        return {"t": "Div", "c": [attr("", ["signatures"]), [table]]}

    def inlines(self, content: Inlines) -> list[Node]:
        """A run of text."""
        return [node for inline in content for node in self._inline(inline)]

    def _inline(self, inline: Inline) -> list[Node]:
        nodes = text(inline.texte)
        if isinstance(inline, Missing):
            nodes = [{"t": "Span", "c": [attr("", ["manquant"], custom_style=GAP), nodes]}]
        elif isinstance(inline, Value) and self.flavour in ("docx", "html"):
            name = f"champ-{len(self.fields) + 1}"
            self.fields.append((name, inline.slot))
            extra = {"data_slot": inline.slot} if self.flavour == "html" else {}
            nodes = [{"t": "Span", "c": [attr(name, **extra), nodes]}]
        return [{"t": "Strong", "c": nodes}] if inline.gras else nodes


def _kept(content: list[Node]) -> list[Node]:
    return [styled(KEPT, [para(content)])]


def _plain(content: list[Node]) -> list[Node]:
    return [{"t": "Plain", "c": content}] if content else []


def bullets(items: Iterable[list[Node]]) -> Node:
    """A list of short lines."""
    return {"t": "BulletList", "c": [[{"t": "Plain", "c": item}] for item in items]}


def grid(
    heads: Sequence[list[Node]],
    rows: Sequence[Sequence[list[Node]]],
    aligns: Sequence[str],
    *,
    caption: list[Node],
    cell: Any = _plain,
) -> Node:
    """A table with a head, widths in proportion to what columns hold, and a caption."""

    def line(cells: Sequence[list[Node]]) -> list[Any]:
        return [attr(), [[attr(), {"t": "AlignDefault"}, 1, 1, cell(c)] for c in cells]]

    widths = _widths([heads, *rows])
    specs = [[{"t": a}, {"t": "ColWidth", "c": w}] for a, w in zip(aligns, widths, strict=True)]
    body = [attr(), 0, [], [line(row) for row in rows]]
    long = [{"t": "Plain", "c": caption}] if caption else []
    content = [attr(), [None, long], specs, [attr(), [line(heads)]], [body], [attr(), []]]
    return {"t": "Table", "c": content}


def _length(nodes: Iterable[Any]) -> int:
    total = 0
    for node in nodes:
        if isinstance(node, dict) and node.get("t") == "Str":
            total += len(node["c"])
        elif isinstance(node, dict) and isinstance(node.get("c"), list):
            total += _length(node["c"])
        elif isinstance(node, list):
            total += _length(node)
    return total


def _widths(rows: Sequence[Sequence[list[Node]]]) -> list[float]:
    columns = len(rows[0])
    # a cell of ten thousand characters must not squeeze the others to nothing
    longest = [min(max(12, *(_length(row[n]) for row in rows)), 40) for n in range(columns)]
    return [round(length / sum(longest), 4) for length in longest]


def _field_of_contents(links: list[Node]) -> Iterator[Node]:
    """A real table of contents field, already filled, that Word can update."""
    begin = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve">'
        ' TOC \\o "1-1" \\n \\h \\z </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )
    end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    for number, link in enumerate(links):
        content = [link]
        if number == 0:
            content = [{"t": "RawInline", "c": ["openxml", begin]}, *content]
        if number == len(links) - 1:
            content = [*content, {"t": "RawInline", "c": ["openxml", end]}]
        yield styled(TOC, [para(content)])


def _index(links: list[Node]) -> Iterator[Node]:
    """The same for OpenDocument."""
    opening = (
        '<text:table-of-content text:name="Sommaire"><text:table-of-content-source'
        ' text:outline-level="1" text:use-index-marks="false"/><text:index-body>'
    )
    yield {"t": "RawBlock", "c": ["opendocument", opening]}
    for link in links:
        yield styled("SommaireLigne", [para([link])])
    closing = "</text:index-body></text:table-of-content>"
    yield {"t": "RawBlock", "c": ["opendocument", closing]}
