"""Open the SQLite file: pragmas, migrations, transactions, and errors in our own words."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from assistant.errors import StorageUnavailable

FILE_NAME = "cote-a-cote.sqlite"
BUSY_MS = 5_000
_MIGRATIONS = Path(__file__).parent / "migrations"
_STORAGE_FAULTS = (
    "readonly", "disk is full", "full", "unable to open", "disk i/o", "locked", "not a database",
    "malformed",
)  # fmt: skip


class Database:
    """One SQLite file, at the latest schema.

    Raises ``StorageUnavailable`` when the file cannot be opened or written.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        with self._translating():
            directory.mkdir(parents=True, exist_ok=True)
            self.engine = _engine(directory / FILE_NAME)
            migrate(self.engine)
        self._writer = self.engine.execution_options(immediate=True)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One transaction that reads."""
        with self._translating(), Session(self.engine) as session, session.begin():
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction that writes; committed at the end, or not at all.

        It takes the write lock at once: two turns of a conversation never get one position.
        """
        with self._translating(), Session(self._writer) as session, session.begin():
            yield session

    def close(self) -> None:
        """Give back the connections."""
        self.engine.dispose()

    @contextmanager
    def _translating(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise StorageUnavailable(dossier=str(self._directory)) from error
        except (DBAPIError, sqlite3.Error) as error:
            if any(fault in str(error).lower() for fault in _STORAGE_FAULTS):
                raise StorageUnavailable(dossier=str(self._directory)) from error
            raise


def migrate(engine: Engine) -> None:
    """Bring the file to the latest schema; nothing happens when it is there."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    with engine.execution_options(immediate=True).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _engine(path: Path) -> Engine:
    # built from parts: a question mark in a folder's name is not a query
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        poolclass=QueuePool,
        connect_args={
            "timeout": BUSY_MS / 1000,
            "check_same_thread": False,
            "isolation_level": None,  # transactions begin where _begin says
        },
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
    for pragma in (
        "journal_mode = WAL",
        "synchronous = NORMAL",
        "foreign_keys = ON",
        f"busy_timeout = {BUSY_MS}",
        "secure_delete = ON",  # deleted for good means that the bytes go too
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
