"""What tests are made of: each builder returns a whole, valid thing; a test says only what matters."""

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import yaml

from assistant.knowledge.analysis import Analyzer
from assistant.knowledge.embedding import WordHashEmbedder
from assistant.knowledge.generation import Index
from assistant.knowledge.query import Query, QueryReader, Word
from assistant.knowledge.search import Hit, Searcher, Signals, Weights
from assistant.knowledge.shelf import Shelf, read_shelf, write_shelf
from assistant.knowledge.unit import Block, BlockKind, Reference, Unit, UnitKind
from assistant.knowledge.vectors import InMemoryVectorIndex
from assistant.settings import Settings

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "corpus"
SMALL_CORPUS = ("sept-etapes-vue", "carre-magique", "quatre-categories", "freins-vue-ensemble")
PARAGRAPH, BULLET, STEP = BlockKind.PARAGRAPH, BlockKind.BULLET, BlockKind.STEP


def a_reference(
    page: int | None = 12, section: str = "La section", document: str = "guide"
) -> Reference:
    return Reference(document, page, section)


def a_unit(name: str = "une-fiche", *blocks: Block | str, **changes: Any) -> Unit:
    """A card about watering a garden; strings are paragraphs supported by the first reference."""
    made = tuple(Block(PARAGRAPH, b) if isinstance(b, str) else b for b in blocks)
    values: dict[str, Any] = {
        "kind": UnitKind.CARD,
        "title": "Arroser un jardin",
        "blocks": made or (Block(PARAGRAPH, "On arrose un jardin le soir."),),
        "references": (a_reference(),),
        "questions": ("Quand arroser un jardin ?",),
        "url": f"/fiches/{name}",
    }
    return Unit(id=name, **{**values, **changes})


def a_card_file(
    directory: Path, name: str = "une-fiche", *, body: str | None = None, **front: Any
) -> Path:
    """A valid card under ``directory``/fiches; ``front`` replaces fields, None included."""
    head = {
        "id": name,
        "titre": f"Fiche {name}",
        "nature": "definition",
        "acteurs": [],
        "etape": None,
        "sources": [{"document": "manuel", "page": 2, "section": "Le potager"}],
        "questions": [
            f"{opening} {name} ?" for opening in ("Quoi", "Comment", "Quand", "Où", "Qui donc")
        ],
        "voir_aussi": [],
        **front,
    }
    text = body or (
        "Un potager demande de l'eau, de la lumière et un peu de patience au fil des saisons.\n\n"
        "- **Eau** : le soir.\n- **Lumière** : six heures chaque jour."
    )
    path = directory / "fiches" / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f"---\n{yaml.safe_dump(head, allow_unicode=True)}---\n{text}\n", encoding="utf-8"
    )
    return path


def a_sources_file(directory: Path) -> Path:
    """One paged document with one section, and one that is not paged."""
    directory.mkdir(parents=True, exist_ok=True)
    documents = [
        {
            "id": "manuel", "titre": "Manuel du jardin", "titre_court": "Manuel", "auteur": "Un club",
            "date": "2020", "pages": 9, "sections": [{"titre": "Le potager", "pages": [2, 4]}],
        },
        {
            "id": "affiche", "titre": "Affiche", "titre_court": "Affiche", "auteur": "Un club",
            "date": "2021", "pages": None, "sections": [{"titre": "Les outils"}],
        },
    ]  # fmt: skip
    path = directory / "sources.yaml"
    path.write_text(yaml.safe_dump({"documents": documents}, allow_unicode=True), encoding="utf-8")
    return path


def a_small_corpus(tmp_path: Path, cards: Sequence[str] = SMALL_CORPUS) -> Path:
    """A content directory with a few real cards, so that an index takes a fraction of a second."""
    directory = tmp_path / "corpus"
    (directory / "fiches").mkdir(parents=True)
    for path in CORPUS.glob("*.yaml"):
        shutil.copy(path, directory / path.name)
    for folder in ("regles", "modeles"):
        shutil.copytree(CORPUS / folder, directory / folder)
    for name in cards:
        (card,) = CORPUS.glob(f"fiches/**/{name}.md")
        shutil.copy(card, directory / "fiches" / card.name)
    for name, key in (("glossaire.yaml", "termes"), ("hors_champ/voisins.yaml", "sujets")):
        listed = yaml.load((CORPUS / name).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)[
            key
        ]
        text = yaml.safe_dump({key: listed[:5]}, allow_unicode=True)
        (directory / name).parent.mkdir(exist_ok=True)
        (directory / name).write_text(text, encoding="utf-8")
    return directory


def some_settings(tmp_path: Path, **changes: Any) -> Settings:
    """Settings over a small corpus, its data under ``tmp_path``."""
    if "corpus" not in changes:
        here = tmp_path / "corpus"
        changes["corpus"] = here if here.exists() else a_small_corpus(tmp_path)
    return Settings(**{"data": tmp_path / "data", **changes})


def a_shelf(units: Sequence[Unit] = (), groups: Sequence[Sequence[str]] = ()) -> Shelf:
    """A shelf on brute-force vectors of hashed words: no Chroma, no weights."""
    vectors = {"by_question": InMemoryVectorIndex(), "by_passage": InMemoryVectorIndex()}
    with tempfile.TemporaryDirectory() as parent:
        place = Path(parent) / "shelf"
        write_shelf(
            place, units=units, analyzer=Analyzer(groups), embedder=WordHashEmbedder(), **vectors
        )
        return read_shelf(place, **vectors)


def an_index(units: Sequence[Unit] = (), groups: Sequence[Sequence[str]] = ()) -> Index:
    """An open index of ``units``."""
    from assistant.knowledge.generation import _spellings

    return Index(
        ours=a_shelf(units, groups),
        imported=a_shelf(),
        analyzer=Analyzer(groups),
        embedder=WordHashEmbedder(),
        spellings=tuple(sorted(_spellings(units))),
        key="key",
    )


def a_reader(index: Index) -> QueryReader:
    return QueryReader(
        index,
        quick={"pk": "pourquoi", "qqch": "quelque chose", "jardi": "jardin"},
        profiles={
            "association": ["mon asso", "je suis une association"],
            "entreprise": ["ma boîte"],
        },
    )


def a_searcher(index: Index, **weights: float) -> Searcher:
    return Searcher(index.ours, a_reader(index), index.embedder, weights=Weights(**weights))


def a_hit(unit: Unit | None = None, **signals: float) -> Hit:
    values = dict.fromkeys((field.name for field in fields(Signals)), 0.5)
    return Hit(unit or a_unit(), Signals(**{**values, **signals}))


def a_query(*terms: str, unknown: Sequence[str] = ()) -> Query:
    read = tuple(Word(term, 0.0 if term in unknown else 1.0) for term in terms)
    return Query(" ".join(terms), read, tuple((term, 1.0) for term in terms), None)


def an_off_topic(**changes: Any) -> Unit:
    return a_unit(
        "hors-champ-meteo", Block(PARAGRAPH, "Voyez meteo.fr.", ()),
        **{"kind": UnitKind.OFF_TOPIC, "title": "La météo", "references": (), "nature": "ailleurs", **changes},
    )  # fmt: skip


def a_pdf(path: Path, *pages: Sequence[str], title: str = "") -> Path:
    """A minimal PDF, one text line a string."""

    def escaped(line: str) -> bytes:
        raw = line.encode("cp1252", errors="replace")
        return raw.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")

    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, lines in enumerate(pages):
        shown = b"".join(b"(" + escaped(line) + b") Tj T*\n" for line in lines)
        stream = b"BT /F1 12 Tf 14 TL 50 800 Td\n" + shown + b"ET"
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
            b"/Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>" % (5 + 2 * number)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
    objects.append(b"<< /Title (" + escaped(title) + b") >>")
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    tail = f"trailer << /Size {size} /Root 1 0 R /Info {size - 1} 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    path.write_bytes(body + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + tail.encode())
    return path


def a_docx(path: Path) -> Path:
    """Two headings, two paragraphs, a table."""
    import docx

    document = docx.Document()
    document.core_properties.title = ""
    document.add_heading("Le compost", level=1)
    document.add_paragraph("Le compost   nourrit la terre.")
    document.add_heading("Les doses", level=2)
    table = document.add_table(rows=2, cols=2)
    for row, values in zip(table.rows, (("Légume", "Dose"), ("Tomate", "3 kg")), strict=True):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = value
    document.add_paragraph("Fin du mode d’emploi.")
    document.save(str(path))
    return path
