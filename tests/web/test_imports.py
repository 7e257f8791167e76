"""An imported document has its page, with the anchors that answers cite."""

from dataclasses import replace

from fastapi.testclient import TestClient

from assistant.knowledge.library import Chunk, ImportedDocument, Library
from assistant.settings import Settings
from tests.web.serving import unclosable
from web.app import create_app


def test_an_imported_document_can_be_read_at_the_cited_passage(engine, tmp_path) -> None:
    library = Library(tmp_path / "documents")
    chunks = (Chunk("Notre charte", 3, "Nous signons <b>ensemble</b>."), Chunk("", None, "Fin."))
    library.save(ImportedDocument("import-charte", "Charte", "charte.pdf", "0", 4, chunks))
    cited = library.units()[0].url
    app = create_app(
        Settings(data=tmp_path), build=lambda _: replace(unclosable(engine), library=library)
    )
    with TestClient(app) as client:
        page = client.get(cited).text
        sources = client.get("/sources").text
        listed = client.get("/api/v1/sources").json()
    assert f'id="{cited.split("#")[1]}"' in page
    assert "Nous signons &lt;b&gt;ensemble&lt;/b&gt;." in page
    assert "p. 3" in page
    assert 'href="/documents/import-charte"' in sources
    assert [source["id"] for source in listed if source["imported"]] == ["import-charte"]
