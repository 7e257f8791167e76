"""``assistant ask`` in a model's words, when the settings name one."""

import json
from pathlib import Path

import pytest

from assistant.cli import main
from tests.answering.wording import QUESTION
from tests.llm.conftest import ScriptedServer, scripted_process, scripted_server  # noqa: F401


@pytest.fixture
def named(
    monkeypatch: pytest.MonkeyPatch,
    scripted_server: ScriptedServer,  # noqa: F811
) -> pytest.MonkeyPatch:
    monkeypatch.setenv("ASSISTANT_LLM", "openai:scripted-honest")
    monkeypatch.setenv("ASSISTANT_LLM_URL", scripted_server.url)
    monkeypatch.setenv("ASSISTANT_LLM_KEY", "sk-essai")
    return monkeypatch


def test_a_file_of_questions_is_answered_in_order_and_says_how(
    named: pytest.MonkeyPatch,
    data_directory: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "questions.jsonl"
    asked = [
        {"id": "a", "question": QUESTION},
        {"id": "b", "question": "Quelle est la capitale du Pérou ?"},
        {"id": "c", "question": ""},
        {"id": "d", "question": "Quelles sont les sept étapes d'un partenariat ?"},
    ]
    path.write_text("\n".join(map(json.dumps, asked)), encoding="utf-8")
    capsys.readouterr()

    assert main(["ask", "--batch", str(path), "--data", str(data_directory)]) == 0

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["id"] for line in lines] == ["a", "b", "c", "d"]
    assert [line.get("mode") for line in lines] == ["llm", "extractive", None, "llm"]
    assert lines[1]["status"] == "refused"
    assert lines[0]["wording"]["model"] == "openai:scripted-honest"
    assert "error" in lines[2]


def test_the_note_is_printed_before_the_sentences_of_the_sources(
    named: pytest.MonkeyPatch, data_directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    named.setenv("ASSISTANT_LLM", "openai:scripted-401")
    capsys.readouterr()

    assert main(["ask", QUESTION, "--data", str(data_directory)]) == 0

    ran = capsys.readouterr()
    assert ran.out.startswith("Le modèle de langage n’a pas pu répondre")
    assert ran.err == ""
