"""Nothing leaves the machine: the engine and the command work with every way out closed."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_socket import SocketConnectBlockedError

from assistant.bootstrap import build_engine
from tests.builders import ROOT, a_small_corpus, some_settings

QUESTION = "Quelles sont les sept étapes d'un partenariat ?"
LOOPBACK = ["127.0.0.1", "::1"]
ELSEWHERE = ("192.0.2.1", 9)

GUARD = """
import socket
LOOPBACK = ("127.", "::1", "localhost")
def closed(name):
    allowed = getattr(socket.socket, name)
    def guarded(self, *arguments):
        address = arguments[-1]
        if self.family != getattr(socket, "AF_UNIX", None) and not str(address[0]).startswith(LOOPBACK):
            raise RuntimeError(f"left the machine: {name} {address}")
        return allowed(self, *arguments)
    setattr(socket.socket, name, guarded)
for name in ("connect", "connect_ex", "sendto"):
    closed(name)
resolved = socket.getaddrinfo
def resolving(host, *arguments, **options):
    if host and not str(host).startswith(LOOPBACK):
        raise RuntimeError(f"left the machine: getaddrinfo {host}")
    return resolved(host, *arguments, **options)
socket.getaddrinfo = resolving
"""


@pytest.mark.allow_hosts(LOOPBACK)
def test_the_engine_is_built_and_answers_without_a_network(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="192.0.2.1"), pytest.raises(SocketConnectBlockedError):
        socket.create_connection(ELSEWHERE, timeout=1)

    engine = build_engine(some_settings(tmp_path))

    assert engine.answerer.answer(QUESTION).citations
    engine.close()


@pytest.fixture
def guarded(tmp_path: Path) -> dict[str, str]:
    """An environment whose Python refuses to talk to another machine."""
    (tmp_path / "guard").mkdir()
    (tmp_path / "guard" / "sitecustomize.py").write_text(GUARD, encoding="utf-8")
    path = os.pathsep.join([str(tmp_path / "guard"), str(ROOT)])
    return {**os.environ, "PYTHONPATH": path, "ASSISTANT_CORPUS": str(a_small_corpus(tmp_path))}


@pytest.mark.parametrize(
    "way_out",
    [
        "socket.create_connection(('192.0.2.1', 9), 1)",
        "socket.socket().connect_ex(('192.0.2.1', 9))",
        "socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 9))",
        "urllib.request.urlopen('https://exemple.fr', timeout=1)",
    ],
)
def test_the_guard_closes_each_way_out(guarded: dict[str, str], way_out: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", f"import socket, urllib.request; {way_out}"],
        env=guarded, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert ran.returncode == 1
    assert "left the machine" in ran.stderr


def test_the_command_needs_no_network(guarded: dict[str, str], tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "assistant", "ask", QUESTION, "--data", str(tmp_path / "data")],
        env=guarded, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert (ran.returncode, ran.stderr) == (0, "")
    assert "sept étapes" in ran.stdout


def _can_unplug() -> bool:
    unshare = shutil.which("unshare")
    return (
        bool(unshare)
        and subprocess.run([unshare, "-n", "true"], capture_output=True, check=False).returncode
        == 0
    )  # type: ignore[list-item]


@pytest.mark.skipif(
    not _can_unplug(), reason="this system does not let us make a network namespace"
)
def test_the_command_works_on_a_machine_without_any_network(tmp_path: Path) -> None:
    """Native code too: the namespace has no interface but a loopback that is down."""
    ran = subprocess.run(
        ["unshare", "-n", sys.executable, "-m", "assistant", "ask", QUESTION, "--data", str(tmp_path / "data")],
        cwd=ROOT, env={**os.environ, "ASSISTANT_CORPUS": str(a_small_corpus(tmp_path))},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert (ran.returncode, ran.stderr) == (0, "")
    assert "sept étapes" in ran.stdout
