"""Open the database: pragmas, migrations, transactions, and errors in our own words.

SQLite by default, PostgreSQL by address; either way whoever writes has the database alone, so
that what is decided on one reading still holds when it is written.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.orm import Session

from assistant.errors import CallerError, StorageUnavailable

FILE_NAME = "cote-a-cote.sqlite"
BUSY_MS = 5_000
POOL = 16  # connections to PostgreSQL a process
_WRITING, _MIGRATING = 7_240_001, 7_240_002  # names of our advisory locks
_MIGRATIONS = Path(__file__).parent / "migrations"
_STORAGE_FAULTS = (
    "readonly", "disk is full", "full", "unable to open", "disk i/o", "locked", "not a database",
    "malformed",
)  # fmt: skip


class Database:
    """One SQLite file in ``directory``, or a PostgreSQL database, at the latest schema.

    Raises ``StorageUnavailable`` when it cannot be opened or written, ``CallerError`` for an
    address that is not one of PostgreSQL, or without its library.
    """

    def __init__(self, directory: Path, url: str | None = None) -> None:
        self.shared = url is not None
        self._place = _without_password(url) if url else str(directory)
        with self._translating():
            if url:
                self.engine = _postgresql(url)
            else:
                directory.mkdir(parents=True, exist_ok=True)
                self.engine = _sqlite(directory / FILE_NAME)
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

    def scrub(self) -> None:
        """Leave nothing of what was deleted in the file's journal either."""
        if self.shared:
            return
        with self._translating(), self.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Give back the connections."""
        self.engine.dispose()

    @contextmanager
    def _translating(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise StorageUnavailable(dossier=self._place) from error
        except (DBAPIError, sqlite3.Error) as error:
            lost = self.shared and isinstance(error, OperationalError)
            if lost or any(fault in str(error).lower() for fault in _STORAGE_FAULTS):
                raise StorageUnavailable(dossier=self._place) from error
            raise


def migrate(engine: Engine) -> None:
    """Bring the file to the latest schema; nothing happens when it is there."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    with engine.execution_options(immediate=True).begin() as connection:
        if engine.dialect.name == "postgresql":  # workers that start together take turns
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MIGRATING})")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _postgresql(url: str) -> Engine:
    try:
        address = make_url(url)
        if address.get_backend_name() != "postgresql":
            raise CallerError("base_inconnue")
        engine = create_engine(
            address.set(drivername="postgresql+psycopg"),
            pool_size=POOL,
            pool_pre_ping=True,  # a server restarted meanwhile is not an error
            connect_args={"connect_timeout": BUSY_MS // 1000},
        )
    except ArgumentError as error:
        raise CallerError("base_inconnue") from error
    except ModuleNotFoundError as error:
        raise CallerError("base_sans_bibliotheque") from error
    event.listen(engine, "begin", _alone)
    return engine


def _alone(connection: Connection) -> None:
    # SQLite has one writer; the same here, for as long as the transaction lasts
    if connection.get_execution_options().get("immediate", False):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITING})")


def _without_password(url: str) -> str:
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return "?"


def _sqlite(path: Path) -> Engine:
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
