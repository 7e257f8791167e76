"""Imported documents are kept one file each, and become units."""

from pathlib import Path

import pytest

from assistant.errors import StorageUnavailable
from assistant.knowledge import library as library_module
from assistant.knowledge.library import Chunk, ImportedDocument, Library, document_id
from assistant.knowledge.unit import Reference, UnitKind


def a_document(
    identifier: str = "import-guide", text: str = "Le compost chauffe.", **changes: object
) -> ImportedDocument:
    values: dict[str, object] = {
        "title": "Guide", "file_name": "guide.pdf", "digest": "abc", "pages": 3,
        "chunks": (Chunk("Chaleur", 2, text), Chunk("", None, "Il refroidit.")),
    }  # fmt: skip
    return ImportedDocument(id=identifier, **{**values, **changes})  # type: ignore[arg-type]


def test_what_is_saved_is_read_back_equal(tmp_path: Path) -> None:
    library = Library(tmp_path / "documents")

    assert library.all() == ()
    assert library.save(a_document()) is False
    assert library.all() == (a_document(),)


def test_saving_again_replaces_and_says_so(tmp_path: Path) -> None:
    library = Library(tmp_path)
    library.save(a_document())
    before = library.digest()

    assert library.save(a_document(text="Il refroidit.")) is True

    assert [d.chunks[0].text for d in library.all()] == ["Il refroidit."]
    assert library.digest() != before


def test_each_passage_is_a_unit_with_its_page_and_heading(tmp_path: Path) -> None:
    library = Library(tmp_path)
    library.save(a_document())

    first, second = library.units()

    assert (first.id, first.kind, first.title) == (
        "document-import-guide-1",
        UnitKind.IMPORTED,
        "Chaleur",
    )
    assert first.references == (Reference("import-guide", 2, "Chaleur"),)
    assert first.url == "/documents/import-guide#passage-1"
    assert [p.text for p in first.passages()] == ["Le compost chauffe."]
    assert second.references == (Reference("import-guide", None, "Guide"),)
    assert [d.titre for d in library.documents()] == ["Guide"]


def test_each_paragraph_of_a_passage_is_a_block_and_the_passage_stays_exact(tmp_path: Path) -> None:
    library = Library(tmp_path)
    library.save(a_document(text="Il faut :\n- de l'eau\n- du temps"))

    unit = library.units()[0]

    assert [block.text for block in unit.blocks] == ["Il faut :", "- de l'eau", "- du temps"]
    assert unit.passages()[0].text == "Il faut :\n- de l'eau\n- du temps"


def test_a_document_can_be_forgotten_once(tmp_path: Path) -> None:
    library = Library(tmp_path)
    library.save(a_document())

    assert library.remove("import-guide") is True
    assert library.remove("import-guide") is False
    assert library.remove("../secret") is False
    assert library.all() == ()


def test_a_library_that_cannot_be_written_keeps_the_version_it_had(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = Library(tmp_path)
    library.save(a_document())

    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(library_module.os, "fsync", full)
    with pytest.raises(StorageUnavailable):
        library.save(a_document(text="Autre."))

    assert library.all() == (a_document(),)
    assert [path.name for path in tmp_path.iterdir()] == ["import-guide.json"]


def test_a_file_in_place_of_the_library_is_storage_unavailable(tmp_path: Path) -> None:
    (tmp_path / "documents").write_text("")

    with pytest.raises(StorageUnavailable):
        Library(tmp_path / "documents").save(a_document())


@pytest.mark.parametrize(
    ("name", "identifier"),
    [
        ("Guide d'été.pdf", "import-guide-d-ete"),
        ("guide.v2.md", "import-guide-v2"),
        ("日本.txt", "import-日本"),
        ("….txt", "import-document"),
    ],
)
def test_a_document_is_known_by_its_file_name(name: str, identifier: str) -> None:
    assert document_id(name) == identifier
