"""The resources of the MCP server: cards, example sheets, sources, glossary, schema of the facts.

Addresses mirror those of the pages: ``/fiches/x`` is ``cote-a-cote://fiches/x``.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from assistant.answering.answerer import cleaned
from assistant.errors import NotFound
from assistant.knowledge.content import SourceDocument, Term
from assistant.knowledge.corpus import Corpus, term_slug, term_unit
from assistant.knowledge.library import Library
from assistant.knowledge.unit import BlockKind, Unit
from assistant.texts import Texts
from assistant.typography import french

SCHEME = "cote-a-cote://"
MARKDOWN, JSON = "text/markdown", "application/json"
TEMPLATES = {"fiches": "id", "exemples": "id", "sources": "id", "glossaire": "terme"}
SUGGESTED = 100  # completions in one answer, the protocol's most


@dataclass(frozen=True, slots=True)
class Listed:
    """A resource in the list."""

    uri: str
    title: str
    mime: str


@dataclass(frozen=True, slots=True)
class Content:
    """What a resource holds."""

    uri: str
    mime: str
    text: str


class Shelves:
    """Every resource by address; built once, but for the imported documents."""

    def __init__(
        self, corpus: Corpus, library: Library, texts: Texts, facts_schema: dict[str, Any]
    ) -> None:
        self._library = library
        self._texts = texts
        self._documents = corpus.documents
        self._terms = corpus.terms
        self._titles = {document.id: document.titre for document in corpus.documents}
        self._units: Mapping[str, Mapping[str, Unit]] = {
            "fiches": {card.id: card.to_unit() for card in corpus.cards},
            "exemples": {sheet.id: sheet.to_unit() for sheet in corpus.examples},
            "glossaire": {term_slug(term.terme): term_unit(term) for term in corpus.terms},
        }
        self._schema = facts_schema

    def listed(self) -> Iterator[Listed]:
        """Lists first, then cards and sheets; terms are reached through the glossary."""
        for name, mime in (("sources", JSON), ("glossaire", MARKDOWN), ("schema/faits", JSON)):
            key = name.partition("/")[0]
            yield Listed(SCHEME + name, self._texts.say("mcp_ressources", key), mime)
        for document in self._documents:
            yield Listed(f"{SCHEME}sources/{document.id}", french(document.titre), JSON)
        for shelf in ("fiches", "exemples"):
            for name, unit in self._units[shelf].items():
                yield Listed(f"{SCHEME}{shelf}/{name}", unit.title, MARKDOWN)

    def read(self, uri: str) -> Content:
        """What an address holds; raises ``NotFound``."""
        shelf, _, name = uri.removeprefix(SCHEME).replace("#", "/").partition("/")
        if uri.startswith(SCHEME):
            unit = self._units.get(shelf, {}).get(name)
            if unit is not None:
                return Content(uri, MARKDOWN, self._sheet(unit))
            if shelf == "glossaire" and not name:
                return Content(uri, MARKDOWN, "\n\n".join(map(_entry, self._terms)) + "\n")
            if shelf == "sources":
                found = [one for one in self._sources() if not name or one["id"] == name]
                if found:
                    return Content(uri, JSON, _json({"sources": found} if not name else found[0]))
            if (shelf, name) == ("schema", "faits"):
                return Content(uri, JSON, _json(self._schema))
        raise NotFound("mcp_ressource_inconnue", adresse=cleaned(uri)[:80])

    def completions(self, template: str, value: str) -> tuple[list[str], int]:
        """Ids of a template that begin with, or else hold, ``value``; and how many there are."""
        shelf = template.removeprefix(SCHEME).partition("/")[0]
        names = [document.id for document in self._documents] if shelf == "sources" else None
        names = names if names is not None else list(self._units.get(shelf, {}))
        found = sorted(
            (name for name in names if value.lower() in name),
            key=lambda name: (not name.startswith(value.lower()), name),
        )
        return found[:SUGGESTED], len(found)

    def _sheet(self, unit: Unit) -> str:
        """A unit as Markdown: its body with numbered references, then those references."""
        lines = [f"# {unit.title}", ""]
        step = 0
        for block in unit.blocks:
            step = step + 1 if block.kind is BlockKind.STEP else 0
            mark = {BlockKind.BULLET: "- ", BlockKind.STEP: f"{step}. "}.get(block.kind, "")
            cited = "".join(f" [{number + 1}]" for number in block.references)
            lines += [f"{mark}{block.text}{cited}", *([] if mark else [""])]
        lines += ["", f"## {self._texts.say('mcp', 'sources')}", ""]
        for number, reference in enumerate(unit.references, start=1):
            title = french(self._titles.get(reference.document, reference.document))
            page = f", {self._texts.say('cli', 'page', page=reference.page)}"
            where = page if reference.page else ""
            lines.append(f"{number}. {title}{where}, « {reference.section} »")
        if unit.see_also:
            lines += ["", f"## {self._texts.say('mcp', 'voir_aussi')}", ""]
            lines += [f"- {SCHEME}fiches/{name}" for name in unit.see_also]
        return "\n".join(lines) + "\n"

    def _sources(self) -> list[dict[str, Any]]:
        imported: list[dict[str, Any]] = [
            {
                "id": document.id, "title": document.title, "author": document.file_name,
                "date": None, "pages": document.pages, "sections": [], "imported": True,
            }
            for document in self._library.all()
        ]  # fmt: skip
        return [*map(_source, self._documents), *imported]


def _source(document: SourceDocument) -> dict[str, Any]:
    return {
        "id": document.id, "title": french(document.titre), "author": document.auteur,
        "date": document.date, "pages": document.pages, "imported": False,
        "sections": [{"title": french(s.titre), "pages": s.pages} for s in document.sections],
    }  # fmt: skip


def _entry(term: Term) -> str:
    return term_unit(term).blocks[0].text


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)
