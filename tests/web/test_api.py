"""``/api/v1`` serves the shapes of design.md §4."""

import json

import pytest
from fastapi.testclient import TestClient

QUESTION = "Quelles sont les sept étapes d'un partenariat ?"
SHAPE = ["id", "status", "answer", "citations", "suggestions", "step", "mode", "reason",
         "elapsed_ms", "related"]  # fmt: skip
CITATION = ["id", "title", "document", "page", "section", "passage", "url"]


def events_of(text: str) -> list[tuple[str, dict]]:
    found = []
    for block in text.replace("\r\n", "\n").strip().split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line)
        if "event" in lines:
            found.append((lines["event"], json.loads(lines["data"])))
    return found


def test_an_answer_has_the_published_shape(client: TestClient) -> None:
    response = client.post("/api/v1/ask", json={"question": QUESTION})
    reply = response.json()
    assert list(reply) == SHAPE
    assert reply["status"] == "answered"
    assert reply["mode"] == "extractive"
    assert reply["reason"] is None
    assert list(reply["citations"][0]) == CITATION
    assert "[S1]" in reply["answer"]
    assert "set-cookie" not in response.headers


def test_a_refusal_has_a_reason_and_no_citation(client: TestClient) -> None:
    reply = client.post("/api/v1/ask", json={"question": "la recette de la tarte Tatin"}).json()
    assert (reply["status"], reply["citations"]) == ("refused", [])
    assert reply["reason"] in ("out_of_scope", "not_in_corpus")


def test_a_stream_tells_the_answer_piece_by_piece(client: TestClient) -> None:
    response = client.post("/api/v1/ask/stream", json={"question": QUESTION})
    assert response.headers["content-type"].startswith("text/event-stream")
    events = events_of(response.text)
    names = [name for name, _ in events]
    assert names[0] == "debut"
    assert names[-2:] == ["reponse", "fin"]
    assert names.count("fragment") > 2
    told = "".join(data["text"] for name, data in events if name == "fragment")
    assert told == events[-2][1]["answer"]
    assert list(events[-2][1]) == SHAPE


def test_a_conversation_through_the_api(client: TestClient, person) -> None:
    identifier = client.post("/api/v1/conversations").json()["id"]
    assert client.get("/api/v1/conversations").json() == []
    asked = {"question": "Qu'est-ce que le mécénat ?", "conversation_id": identifier}
    first = client.post("/api/v1/ask", json=asked).json()
    asked["question"] = "À quelle page ?"
    client.post("/api/v1/ask/stream", json=asked)
    kept = client.get(f"/api/v1/conversations/{identifier}").json()
    assert [turn["position"] for turn in kept["messages"]] == [1, 2]
    assert kept["messages"][0]["reply"] == first
    assert kept["title"] == "Qu'est-ce que le mécénat ?"
    address = f"/api/v1/conversations/{identifier}"
    assert person().get(address).status_code == 404
    assert client.patch(address, json={"title": "Mécénat", "archived": True}).json()["archived"]
    assert client.get("/api/v1/conversations").json() == []
    assert len(client.get("/api/v1/conversations?archived=true").json()) == 1
    url = client.put(f"{address}/share").json()["url"]
    assert person().get(url).status_code == 200
    assert client.delete(f"{address}/share").status_code == 204
    assert person().get(url).status_code == 404
    assert client.delete(address).status_code == 204
    assert client.get(address).status_code == 404


def test_an_opinion_belongs_to_who_asked(client: TestClient, person) -> None:
    identifier = client.post("/api/v1/conversations").json()["id"]
    asked = {"question": QUESTION, "conversation_id": identifier}
    reply = client.post("/api/v1/ask", json=asked).json()
    opinion = {"message_id": reply["id"], "verdict": "down", "reason": "inexacte"}
    assert person().post("/api/v1/feedback", json=opinion).status_code == 404
    assert client.post("/api/v1/feedback", json=opinion).status_code == 204
    assert client.post("/api/v1/feedback", json={**opinion, "reason": "x"}).status_code == 422


def test_a_question_alone_is_not_kept(client: TestClient) -> None:
    client.post("/api/v1/conversations")
    client.post("/api/v1/ask", json={"question": QUESTION})
    assert client.get("/api/v1/conversations").json() == []


def test_search_ranks_passages(client: TestClient) -> None:
    found = client.get("/api/v1/search", params={"q": "carré magique", "k": 3}).json()["results"]
    assert len(found) == 3
    assert found[0]["score"] >= found[-1]["score"]
    assert {"title", "document", "page", "section", "passage", "url"} <= set(found[0])
    assert client.get("/api/v1/search", params={"q": ""}).status_code == 422
    assert client.get("/api/v1/search", params={"q": "a" * 3000}).status_code == 413
    assert client.get("/api/v1/search", params={"q": "a", "k": 0}).status_code == 422


@pytest.mark.parametrize("address", ["cards", "examples", "glossary", "sources"])
def test_the_content_is_served(client: TestClient, address: str) -> None:
    assert len(client.get(f"/api/v1/{address}").json()) > 3


def test_a_card_is_served_whole(client: TestClient) -> None:
    card = client.get("/api/v1/cards/carre-magique").json()
    assert card["sources"][0]["page"]
    assert len(card["questions"]) >= 5
    assert client.get("/api/v1/cards/inconnue").json()["code"] == "introuvable"


def test_the_description_covers_the_api_and_only_it(client: TestClient) -> None:
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    assert {"/api/v1/ask", "/api/v1/ask/stream", "/api/v1/feedback"} <= set(paths)
    assert all(path.startswith("/api/v1/") for path in paths)
    assert client.get("/docs").status_code == 404
