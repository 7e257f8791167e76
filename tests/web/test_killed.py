"""A server that is killed in mid-answer has lost nothing that it had acknowledged."""

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.builders import ROOT

READY = re.compile(r"http://\S+")
ANSWERS = 12  # acknowledged before the kill


@contextmanager
def running(data: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The real command in a process of its own, and its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant.cli", "serve", "--port", "0", "--data", str(data)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout
        address = next((m[0] for line in process.stdout if (m := READY.search(line))), None)
        assert address, process.stderr.read() if process.stderr else ""
        yield process, address
    finally:
        process.kill()
        process.communicate()


def answer(client: httpx.Client, dossier: str, text: str) -> bool:
    """Whether the answer was acknowledged."""
    try:
        response = client.post(f"{dossier}/questions/D1-05", data={"attentes": text})
    except httpx.HTTPError:
        return False
    return response.status_code == 303


def test_every_acknowledged_answer_survives_each_kill(data_directory: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(data_directory, data)
    cookies: dict[str, str] = {}
    told: list[tuple[str, list[str], list[str]]] = []  # dossier, acknowledged, sent
    for pause in (0.0, 0.004):  # killed at once, then somewhere within an answer
        with (
            running(data) as (process, address),
            httpx.Client(base_url=address, cookies=cookies) as client,
        ):
            _all_kept(client, told)
            dossier = client.post("/dossiers").headers["location"]
            cookies = dict(client.cookies)
            told.append((dossier, *_answer_until_killed(client, dossier, process, pause)))

    with running(data) as (_, address), httpx.Client(base_url=address, cookies=cookies) as client:
        _all_kept(client, told)
        assert answer(client, told[-1][0], "après")


def _all_kept(client: httpx.Client, told: list[tuple[str, list[str], list[str]]]) -> None:
    for dossier, kept, sent in told:
        events = client.get(f"{dossier}/export.json").json()["events"]
        found = [event["event"]["values"]["attentes"][0] for event in events]
        # nothing acknowledged is missing, nothing comes twice, and only the last may be extra
        assert found in (kept, sent)
        assert len(sent) <= len(kept) + 1
        assert len(kept) >= ANSWERS


def _answer_until_killed(
    client: httpx.Client, dossier: str, process: subprocess.Popen[str], pause: float
) -> tuple[list[str], list[str]]:
    kept: list[str] = []
    sent: list[str] = []

    def keep_answering() -> None:
        while True:
            sent.append(f"réponse {len(sent)}")
            if not answer(client, dossier, sent[-1]):
                return
            kept.append(sent[-1])

    person = threading.Thread(target=keep_answering)
    person.start()
    deadline = time.monotonic() + 30
    while len(kept) < ANSWERS and time.monotonic() < deadline:
        time.sleep(0.001)
    time.sleep(pause)  # somewhere within an answer
    process.send_signal(signal.SIGKILL)
    person.join(timeout=30)
    assert not person.is_alive()
    return kept, sent
