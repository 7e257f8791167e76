"""The real application over the session's engine; each person is a client with cookies of her own."""

from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.bootstrap import Engine
from assistant.settings import Settings
from tests.web.serving import unclosable
from web.app import create_app

Person = Callable[[], TestClient]


@pytest.fixture(scope="session")
def app(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    directory = tmp_path_factory.mktemp("web")
    return create_app(Settings(data=directory), build=lambda _: unclosable(engine))


@pytest.fixture(scope="session")
def running(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, base_url="http://testserver") as client:
        yield client


@pytest.fixture
def person(app: FastAPI, running: TestClient) -> Person:
    def made() -> TestClient:
        client = TestClient(app, raise_server_exceptions=False)
        client.portal = running.portal  # the same loop as the one the application started in
        return client

    return made


@pytest.fixture
def client(person: Person) -> TestClient:
    return person()
