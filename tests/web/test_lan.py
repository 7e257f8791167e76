"""The address of a room without internet."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from assistant.errors import CallerError
from web import lan


@pytest.mark.enable_socket
def test_an_address_of_this_machine_is_taken_as_it_is() -> None:
    assert lan.lan_address("127.0.0.2") == "127.0.0.2"


@pytest.mark.enable_socket
@pytest.mark.parametrize("wrong", ["203.0.113.7", "maison", "999.1.1.1"])
def test_what_is_not_an_address_of_this_machine_is_refused(wrong: str) -> None:
    with pytest.raises(CallerError) as refused:
        lan.lan_address(wrong)

    assert refused.value.name == "adresse_inconnue"


def test_the_network_that_the_machine_is_on_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lan, "_route", lambda: None)
    monkeypatch.setattr(lan, "_named", lambda: "192.168.43.1")
    assert lan.lan_address() == "192.168.43.1"

    monkeypatch.setattr(lan, "_route", lambda: "10.0.0.4")
    assert lan.lan_address("") == "10.0.0.4"


def test_without_a_network_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lan, "_route", lambda: None)
    monkeypatch.setattr(lan, "_named", lambda: None)

    with pytest.raises(lan.NoNetwork):
        lan.lan_address()


def test_loopback_is_not_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    assert lan._reachable("127.0.0.1") is None
    assert lan._reachable("0.0.0.0") is None
    assert lan._reachable("192.168.1.20") == "192.168.1.20"


@pytest.mark.enable_socket
def test_phones_reach_the_address_and_the_page_tells_them_how(data_directory: Path) -> None:
    command = [sys.executable, "-m", "assistant", "serve", "--lan", "127.0.0.2", "--port", "0"]
    server = subprocess.Popen(
        [*command, "--data", str(data_directory)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    try:
        assert server.stdout
        lines = [server.stdout.readline()]
        url = re.search(r"http://127\.0\.0\.2:\d+", lines[0])[0]
        while "rejoindre" not in lines[-1]:
            lines.append(server.stdout.readline())
        assert "▀" in "".join(lines)
        page = httpx.get(f"{url}/ateliers/reseau").text
        assert f"{url}/rejoindre" in page
        assert "<svg" in page
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=20)
