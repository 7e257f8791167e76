"""The wheel holds everything, and works where there is no checkout."""

import importlib.util
import json
import os
import signal
import subprocess
import sys
import threading
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import CORPUS, ROOT

QUESTION = "Quelles sont les sept étapes d'un partenariat ?"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the checkout."""
    place = tmp_path_factory.mktemp("wheel")
    isolated = [] if importlib.util.find_spec("hatchling") is None else ["--no-build-isolation"]
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "-q",
        ".",
        "--no-deps",
        *isolated,
        "-w",
        str(place),
    ]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    (made,) = place.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the wheel is installed, away from the checkout."""
    place = tmp_path_factory.mktemp("installed")
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "-q",
        "--no-deps",
        "--target",
        str(place),
        str(wheel),
    ]
    subprocess.run(command, cwd=place, check=True, capture_output=True, timeout=120)
    return place


@pytest.fixture(scope="module")
def elsewhere(
    installed: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dict[str, str]]:
    """A directory that is not the checkout, and an environment that finds the installed code."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ASSISTANT_")}
    return tmp_path_factory.mktemp("elsewhere"), {**clean, "PYTHONPATH": str(installed)}


def test_the_wheel_holds_code_content_pages_and_model(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    content = [p for p in CORPUS.rglob("*") if p.suffix in {".md", ".yaml"}]
    pages = [
        p for p in (ROOT / "web").rglob("*") if p.is_file() and p.suffix not in {".py", ".pyc"}
    ]
    model = [p for p in (ROOT / "assistant").rglob("*") if p.suffix in {".safetensors", ".json"}]

    expected = {p.relative_to(ROOT).as_posix() for p in (*content, *pages, *model)}

    assert len(content) > 500
    assert len(pages) > 10
    assert len(model) > 3
    assert expected - names == set()
    assert {"assistant/cli.py", "web/app.py"} <= names
    assert not [name for name in names if name.split("/")[0] in {"tests", "eval", "docs"}]


def test_a_question_is_answered_outside_the_checkout(
    installed: Path, elsewhere: tuple[Path, dict[str, str]]
) -> None:
    place, environment = elsewhere

    def python(*words: str) -> str:
        ran = subprocess.run(
            [sys.executable, *words],
            cwd=place,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        return ran.stdout

    assert python("-c", "import assistant; print(assistant.__file__)").startswith(str(installed))
    reply = json.loads(
        python("-m", "assistant", "ask", QUESTION, "--json", "--data", str(place / "data"))
    )
    assert reply["status"] == "answered"
    assert reply["citations"][0]["page"] == 39


@pytest.fixture
def address(elsewhere: tuple[Path, dict[str, str]]) -> Iterator[str]:
    """The address of the application, served from the installed wheel; stopped politely."""
    place, environment = elsewhere
    served = subprocess.Popen(
        [sys.executable, "-m", "assistant", "serve", "--port", "0", "--data", str(place / "data")],
        cwd=place, env={**environment, "PYTHONUNBUFFERED": "1"}, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    overdue = threading.Timer(60, served.kill)
    overdue.start()
    assert served.stdout
    ready = served.stdout.readline()
    try:
        assert "http://127.0.0.1:" in ready
        yield ready.split()[-1]
        served.send_signal(signal.SIGINT)
        assert served.wait(timeout=15) in {0, 130, -signal.SIGINT}
    finally:
        overdue.cancel()
        served.kill()
        served.wait()
        served.stdout.close()


def test_the_application_is_served_outside_the_checkout(address: str) -> None:
    with urllib.request.urlopen(f"{address}/", timeout=20) as page:
        html = page.read().decode()
    body = json.dumps({"question": QUESTION}).encode()
    asked = urllib.request.Request(
        f"{address}/api/v1/ask", body, {"content-type": "application/json"}
    )
    with urllib.request.urlopen(asked, timeout=20) as response:
        reply = json.load(response)

    assert page.status == 200
    assert 'lang="fr"' in html
    assert reply["status"] == "answered"
    assert reply["citations"][0]["page"] == 39
