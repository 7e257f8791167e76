"""A PostgreSQL server of our own, thrown away afterwards; it listens on loopback alone."""

import getpass
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FOLDERS = (*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True), Path("/usr/bin"))
SETTINGS = "-c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=120"


def binaries() -> Path | None:
    """Where PostgreSQL is installed; None without it."""
    return next((folder for folder in FOLDERS if (folder / "initdb").exists()), None)


def _as_postgres(command: list[str]) -> list[str]:
    # the server refuses to run as root
    if getpass.getuser() != "root":
        return command
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command]


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """The address of an empty database, as long as the context lasts."""
    found = binaries()
    assert found
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    place = folder / "pg"
    place.mkdir()
    if getpass.getuser() == "root":
        shutil.chown(place, "postgres", "postgres")
        for parent in place.parents:
            if parent.stat().st_uid == os.getuid() and parent != Path("/"):
                parent.chmod(parent.stat().st_mode | 0o011)
    data = str(place / "data")

    def run(*command: str) -> None:
        subprocess.run(_as_postgres(list(command)), check=True, capture_output=True, cwd="/")

    run(str(found / "initdb"), "-D", data, "-A", "trust", "-U", "cote", "-E", "UTF8")
    options = f"{SETTINGS} -p {port} -k {place}"
    log = str(place / "log")
    run(str(found / "pg_ctl"), "-D", data, "-o", options, "-l", log, "-w", "start")
    try:
        run(str(found / "createdb"), "-h", "127.0.0.1", "-p", str(port), "-U", "cote", "salle")
        yield f"postgresql://cote@127.0.0.1:{port}/salle"
    finally:
        run(str(found / "pg_ctl"), "-D", data, "-m", "immediate", "stop")
