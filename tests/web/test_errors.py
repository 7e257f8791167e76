"""What is wrong is one French sentence, with the right status; never a traceback."""

import json

import pytest
from fastapi.testclient import TestClient

from assistant.settings import Settings
from tests.web.serving import broken
from web.app import create_app
from web.security import HEADERS

JSON = {"content-type": "application/json"}
LONE_SURROGATE = b'{"question": "partenariat \\ud800"}'


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"question": ""}', 422),
        (b'{"question": "   "}', 422),
        (b"{}", 422),
        (b"[1, 2]", 422),
        (b"{", 422),
        (b'{"question": 12}', 422),
        (b'{"question": "a", "inconnu": 1}', 422),
        (b'{"question": "a", "actor": "martien"}', 422),
        (b'{"question": "a\\u0000b"}', 422),
        (b'{"question": "a\\u001bb"}', 422),
        (LONE_SURROGATE, 422),
        (b'{"question": "\xff\xfe"}', 400),
        (json.dumps({"question": "a" * 100_000}).encode(), 413),
        (b'{"question": "' + b"a" * 400_000 + b'"}', 413),
        (b'{"question": "a", "conversation_id": "inconnue"}', 404),
    ],
)
@pytest.mark.parametrize("address", ["/api/v1/ask", "/api/v1/ask/stream"])
def test_a_wrong_call_is_explained(
    client: TestClient, address: str, body: bytes, status: int
) -> None:
    response = client.post(address, content=body, headers=JSON)
    if address.endswith("stream") and response.status_code == 200:
        assert "event: erreur" in response.text
        assert f'"status":{status}' in response.text.replace(" ", "")
        return
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == status
    assert problem["detail"].endswith(".")
    assert "Traceback" not in response.text


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"question": ""}, 422),
        ({}, 422),
        ({"question": "a", "inconnu": "1"}, 422),
        ({"question": "a\x00b"}, 422),
        ({"question": "a" * 100_000}, 413),
        ({"question": "a" * 400_000}, 413),
        ({"question": "a", "actor": "martien"}, 422),
    ],
)
def test_a_wrong_form_gets_a_page(client: TestClient, data, status: int) -> None:
    response = client.post("/conversation", data=data)
    assert response.status_code == status
    assert response.headers["content-type"].startswith("text/html")
    assert f"Erreur {status}" in response.text


@pytest.mark.parametrize(
    "address",
    ["/nulle-part", "/fiches/inconnue", "/exemples/inconnu", "/methode/8", "/methode/x",
     "/documents/inconnu", "/conversations/inconnue", "/partage/inconnu", "/static/rien.js",
     "/static/../app.py", "/fiches/%00", "/fiches/..%2f..%2fetc%2fpasswd"],
)  # fmt: skip
def test_what_does_not_exist_says_so(client: TestClient, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 404
    assert "Erreur 404" in response.text


@pytest.mark.parametrize(
    "address",
    [
        "/fiches?etape=9",
        "/fiches?acteur=martien",
        "/exemples?categorie=x",
        "/fiches?q=" + "a" * 300,
    ],
)
def test_a_filter_that_means_nothing_says_so(client: TestClient, address: str) -> None:
    assert client.get(address).status_code == 422


def test_a_method_that_is_not_allowed_says_so(client: TestClient) -> None:
    assert client.post("/fiches").status_code == 405
    assert client.get("/api/v1/ask").headers["content-type"] == "application/problem+json"


def test_our_own_failure_is_logged_and_told_plainly(engine, tmp_path, caplog) -> None:
    app = create_app(Settings(data=tmp_path), build=lambda _: broken(engine))
    with TestClient(app, raise_server_exceptions=False) as client:
        page = client.post("/conversation", data={"question": "partenariat ?"})
        call = client.post("/api/v1/ask", json={"question": "partenariat ?"})
        stream = client.post("/api/v1/ask/stream", json={"question": "partenariat ?"})
    assert page.status_code == call.status_code == 500
    assert page.headers["content-security-policy"] == HEADERS["content-security-policy"]
    assert call.json()["code"] == "interne"
    assert "event: erreur" in stream.text
    assert stream.text.rstrip().split("event: ")[-1].startswith("fin")
    for text in (page.text, call.text, stream.text):
        assert "broken on purpose" not in text
        assert "Traceback" not in text
    assert "broken on purpose" in caplog.text
    assert "partenariat" not in caplog.text
