"""Documents imported while the application runs appear without a restart."""

import time
from pathlib import Path

from fastapi.testclient import TestClient

from assistant.knowledge.library import Chunk, ImportedDocument, Library
from tests.builders import some_settings
from web.app import create_app

PATIENCE = 30  # seconds


def test_an_import_is_found_without_a_restart(tmp_path: Path) -> None:
    settings = some_settings(tmp_path)
    question = {"question": "Comment réserver la salle polyvalente de Trifouilly ?"}
    text = "La salle polyvalente de Trifouilly : réserver trente jours avant auprès du concierge."

    with TestClient(create_app(settings, refresh_every=0.1)) as client:
        before = client.post("/api/v1/ask", json=question).json()
        Library(settings.data / "documents").save(
            ImportedDocument(
                "import-note", "Note", "note.md", "0", None, (Chunk("Salle", None, text),)
            )
        )
        deadline = time.monotonic() + PATIENCE
        after = before
        while after["status"] == "refused" and time.monotonic() < deadline:
            time.sleep(0.2)
            after = client.post("/api/v1/ask", json=question).json()

        assert before["status"] == "refused"
        assert after["citations"][0]["passage"] == text
        assert client.get(after["citations"][0]["url"].split("#")[0]).status_code == 200
