"""Our search as a LangChain retriever, in chains and alone."""

import asyncio
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from langchain_core.documents import Document
from langchain_core.runnables import RunnableLambda, RunnablePassthrough
from pydantic import ValidationError

from assistant.bootstrap import Engine
from assistant.connectors.retriever import CoteACoteRetriever
from assistant.errors import TooLarge
from tests.builders import ROOT

QUESTION = "Quels sont les freins à lever ?"


@pytest.fixture
def retriever(engine: Engine) -> CoteACoteRetriever:
    return CoteACoteRetriever(answerer=engine.answerer, texts=engine.texts, k=3)


def test_documents_hold_the_exact_passages_and_where_they_come_from(
    retriever: CoteACoteRetriever, engine: Engine
) -> None:
    found = retriever.invoke(QUESTION)
    held = {p.id: p for unit in engine.index.ours.units for p in unit.passages()}

    assert len(found) == 3
    for document in found:
        passage = held[str(document.id)]
        assert document.page_content == passage.text
        assert set(document.metadata) == {
            "document", "title", "page", "section", "url", "source", "id", "score",
        }  # fmt: skip
        assert document.metadata["page"] == passage.reference.page
        assert document.metadata["section"] == passage.reference.section
        assert document.metadata["id"] == document.id
    scores = [document.metadata["score"] for document in found]
    assert scores == sorted(scores, reverse=True)


def test_the_source_names_the_document_and_its_page_when_it_has_pages(
    retriever: CoteACoteRetriever,
) -> None:
    wide = retriever.model_copy(update={"k": 50})
    sources = {
        (d.metadata["document"], d.metadata["page"]): d.metadata["source"]
        for d in wide.invoke("mécénat")
    }

    assert any(page for _, page in sources)
    assert any(page is None for _, page in sources)
    for (document, page), source in sources.items():
        assert source == (f"{document}, p. {page}" if page else document)


def test_it_gives_what_the_search_of_the_command_gives(
    retriever: CoteACoteRetriever, engine: Engine
) -> None:
    expected = engine.answerer.passages(QUESTION, k=3)

    assert [d.id for d in retriever.invoke(QUESTION)] == [p["id"] for p in expected]


def test_who_asks_changes_what_is_found(engine: Engine) -> None:
    asked = "Quels sont les risques d'un partenariat ?"

    def found(actor: str) -> list[str | None]:
        made = CoteACoteRetriever(answerer=engine.answerer, texts=engine.texts, actor=actor)  # type: ignore[arg-type]
        return [document.id for document in made.invoke(asked)]

    assert found("association") != found("entreprise")


def test_the_asynchronous_way_gives_the_same_and_leaves_the_loop_free(
    retriever: CoteACoteRetriever, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = []
    search = CoteACoteRetriever._get_relevant_documents

    def seen(self: CoteACoteRetriever, query: str, **options: object) -> list[Document]:
        threads.append(threading.current_thread())
        return search(self, query)

    monkeypatch.setattr(CoteACoteRetriever, "_get_relevant_documents", seen)

    found = asyncio.run(retriever.ainvoke(QUESTION))

    assert threading.main_thread() not in threads
    monkeypatch.undo()
    assert found == retriever.invoke(QUESTION)


def test_it_works_in_a_chain(retriever: CoteACoteRetriever) -> None:
    chain = {
        "context": retriever | RunnableLambda(lambda found: [d.metadata["source"] for d in found]),
        "question": RunnablePassthrough(),
    } | RunnableLambda(lambda given: f"{given['question']} {given['context'][0]}")

    assert chain.invoke(QUESTION).startswith(f"{QUESTION} Coopérer efficacement")
    assert len(retriever.batch([QUESTION, "mécénat"])) == 2


@pytest.mark.parametrize("query", ["", "   ", "\x00\x07"])
def test_nothing_is_found_for_nothing(retriever: CoteACoteRetriever, query: str) -> None:
    assert retriever.invoke(query) == []


def test_a_query_longer_than_a_question_is_refused(retriever: CoteACoteRetriever) -> None:
    with pytest.raises(TooLarge):
        retriever.invoke("mot " * 10_000)


@pytest.mark.parametrize("wrong", [{"k": 0}, {"k": 51}, {"actor": "mairie"}, {"inconnu": 1}])
def test_wrong_options_are_refused_when_it_is_made(
    engine: Engine, wrong: dict[str, object]
) -> None:
    with pytest.raises(ValidationError):
        CoteACoteRetriever(answerer=engine.answerer, texts=engine.texts, **wrong)  # type: ignore[arg-type]


def test_it_opens_over_a_data_directory(data_directory: Path) -> None:
    (found,) = CoteACoteRetriever.open(data=data_directory, k=1).invoke(QUESTION)

    assert "frein" in found.page_content


def test_a_question_at_the_command_imports_neither_langchain_nor_mcp(data_directory: Path) -> None:
    script = (
        "import sys; from assistant.cli import main; "
        f"code = main(['ask', 'Quels sont les freins ?', '--data', {str(data_directory)!r}]); "
        "heavy = {n.partition('.')[0] for n in sys.modules} & {'langchain_core', 'langchain', 'mcp'}; "
        "sys.exit(code or (str(heavy) if heavy else 0))"
    )

    ran = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (ran.returncode, ran.stderr) == (0, "")
