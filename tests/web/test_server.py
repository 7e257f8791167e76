"""What only a real server shows: readiness, a taken port, many at once, someone who leaves."""

import json
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.request import Request, urlopen

import pytest

from assistant.errors import CallerError, StorageUnavailable
from assistant.settings import Settings
from tests.web.serving import serving, slow, unclosable
from web import server

pytestmark = pytest.mark.enable_socket
QUESTION = "Quelles sont les sept étapes d'un partenariat ?"


def post(address: str, body: dict, cookie: str = "") -> dict:
    headers = {"content-type": "application/json", "cookie": cookie}
    with urlopen(Request(address, json.dumps(body).encode(), headers), timeout=30) as response:
        return json.load(response)


def test_a_taken_port_is_said_before_the_index_is_opened(tmp_path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        settings = Settings(data=tmp_path, port=taken.getsockname()[1])
        with pytest.raises(CallerError) as caught:
            server.run(settings, lambda _: None, build=lambda _: pytest.fail("opened"))
    assert caught.value.name == "port_indisponible"


def test_what_fails_at_start_is_raised(tmp_path) -> None:
    def failing(_):
        raise StorageUnavailable(dossier="x")

    with pytest.raises(StorageUnavailable):
        server.run(Settings(data=tmp_path, port=0), pytest.fail, build=failing)


def test_it_is_ready_when_it_says_so(engine, tmp_path, monkeypatch) -> None:
    answers: list[int] = []
    started: list[server._Server] = []
    real = server._Server.__init__

    def kept(self, *args) -> None:
        real(self, *args)
        started.append(self)

    monkeypatch.setattr(server._Server, "__init__", kept)

    def ready(address: str) -> None:
        def call() -> None:
            with urlopen(f"{address}/sante", timeout=10) as response:
                answers.append(response.status)
            started[0].should_exit = True

        threading.Thread(target=call).start()

    server.run(Settings(data=tmp_path, port=0), ready, build=lambda _: unclosable(engine))
    assert answers == [200]


def test_thirty_questions_at_once_are_all_answered(engine, tmp_path) -> None:
    """How fast is measured by ``make bench``."""
    with serving(tmp_path, lambda _: unclosable(engine)) as address:

        def status(number: int) -> str:
            return post(f"{address}/api/v1/ask", {"question": f"{QUESTION} {number}"})["status"]

        with ThreadPoolExecutor(30) as pool:
            assert len(list(pool.map(status, range(30)))) == 30


def test_pages_answer_while_answers_are_slow(engine, tmp_path) -> None:
    with (
        serving(tmp_path, lambda _: slow(engine, 1.5)) as address,
        ThreadPoolExecutor(8) as pool,
    ):
        waiting = [
            pool.submit(post, f"{address}/api/v1/ask", {"question": QUESTION}) for _ in range(4)
        ]
        time.sleep(0.2)
        start = time.perf_counter()
        urlopen(f"{address}/fiches/carre-magique", timeout=5).close()
        assert time.perf_counter() - start < 1.0
        assert all(future.result()["status"] == "answered" for future in waiting)


def test_someone_who_leaves_leaves_no_turn(engine, tmp_path) -> None:
    with serving(tmp_path, lambda _: slow(engine, 0.6)) as address:
        request = Request(f"{address}/api/v1/conversations", b"", method="POST")
        with urlopen(request, timeout=10) as response:
            cookie = response.headers["set-cookie"].split(";")[0]
            identifier = json.load(response)["id"]
        leave(address, {"question": QUESTION, "conversation_id": identifier}, cookie)
        time.sleep(1.2)
        url = f"{address}/api/v1/conversations/{identifier}"
        with urlopen(Request(url, headers={"cookie": cookie}), timeout=10) as response:
            assert json.load(response)["messages"] == []


def leave(address: str, body: dict, cookie: str) -> None:
    """Ask for a stream, read its first bytes, and hang up."""
    host, port = address.removeprefix("http://").split(":")
    content = json.dumps(body).encode()
    head = (
        f"POST /api/v1/ask/stream HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(head.encode() + content)
        assert b"200 OK" in connection.recv(4096)
