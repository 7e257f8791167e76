"""Whatever is sent to the API, it answers as its own OpenAPI says."""

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.settings import Settings
from web.app import create_app

SCHEMA = schemathesis.openapi.from_dict(create_app(Settings()).openapi())
OPERATIONS = {o.ok().label: o.ok() for o in SCHEMA.get_all_operations()}
CHECKS = list(HealthCheck)


def test_the_api_describes_its_operations() -> None:
    assert {"POST /api/v1/ask", "GET /api/v1/search", "POST /api/v1/feedback"} <= set(OPERATIONS)


@pytest.mark.parametrize("label", OPERATIONS)
def test_no_request_breaks_the_server(label: str, client: TestClient) -> None:
    @settings(deadline=None, max_examples=15, suppress_health_check=CHECKS, derandomize=True)
    @given(case=OPERATIONS[label].as_strategy())
    def send(case: schemathesis.Case) -> None:
        call = case.as_transport_kwargs(base_url="http://testserver")
        call.pop("timeout", None)
        response = client.request(**{k: v for k, v in call.items() if v is not None})
        assert response.status_code < 500, response.text

    send()


@settings(deadline=None, max_examples=60, suppress_health_check=CHECKS)
@given(question=st.text(max_size=300))
def test_any_text_is_answered_or_explained(client: TestClient, question: str) -> None:
    response = client.post("/api/v1/ask", json={"question": question})

    assert response.status_code in {200, 422}
    body = response.json()
    if response.status_code == 422:
        assert response.headers["content-type"].startswith("application/problem+json")
        assert body["detail"].endswith((".", "»."))
    else:
        assert body["status"] in {"answered", "refused"}
        assert all(f"[{c['id']}]" in body["answer"] for c in body["citations"])
