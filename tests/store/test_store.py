"""Conversations are kept, owned, shared and erased."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from assistant.clock import FrozenClock
from assistant.errors import NotFound, StorageUnavailable
from assistant.store.database import FILE_NAME, Database
from assistant.store.models import Base
from assistant.store.store import Store, shortened
from assistant.store.values import Complaint, Feedback, NewMessage, Verdict

ME, OTHER = "me", "someone-else"


def a_turn(message_id: str = "m1", question: str = "Que faire ?") -> NewMessage:
    return NewMessage(message_id, question, None, None, {"answer": "Ceci. [S1]"}, ("une-fiche",))


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
def store(tmp_path: Path, clock: FrozenClock) -> Iterator[Store]:
    opened = Store.open(tmp_path, clock=clock)
    yield opened
    opened.close()


def test_migrations_from_empty_build_the_models(tmp_path: Path) -> None:
    database = Database(tmp_path)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    database.close()


def test_opening_twice_keeps_what_was_written(tmp_path: Path, clock: FrozenClock) -> None:
    first = Store.open(tmp_path, clock=clock)
    first.start(ME, a_turn())
    first.close()
    second = Store.open(tmp_path, clock=clock)
    assert [c.turns for c in second.conversations(ME)] == [1]
    second.close()


def test_the_file_is_in_wal_mode_and_checks_foreign_keys(store: Store) -> None:
    with store._database.reading() as session:
        connection = session.connection()
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 5000


def test_many_at_once_lose_nothing(store: Store) -> None:
    identifier = store.start(ME)

    def add(number: int) -> None:
        store.add(identifier, a_turn(f"m{number}"), owner=ME)
        store.start(ME, a_turn(f"n{number}"))
        store.conversations(ME)

    with ThreadPoolExecutor(40) as pool:
        list(pool.map(add, range(80)))
    conversation = store.conversation(identifier, owner=ME)
    assert [m.position for m in store.messages(conversation)] == list(range(1, 81))
    assert len(store.conversations(ME)) == 81


def test_a_folder_may_have_any_name(tmp_path: Path) -> None:
    directory = tmp_path / "mes données ?x=1 #2 100%"
    Store.open(directory).close()
    assert (directory / FILE_NAME).exists()


def test_the_first_question_names_the_conversation(store: Store) -> None:
    identifier = store.start(ME)
    store.add(identifier, a_turn("m1", "Comment choisir ?"), owner=ME)
    store.add(identifier, a_turn("m2", "Et ensuite ?"), owner=ME)
    conversation = store.conversation(identifier, owner=ME)
    assert conversation.title == "Comment choisir ?"
    assert [m.position for m in store.messages(conversation)] == [1, 2]
    assert [m.id for m in store.messages(conversation, since=2)] == ["m2"]


def test_a_conversation_without_a_turn_is_not_listed(store: Store) -> None:
    store.start(ME)
    assert store.conversations(ME) == []


def test_the_latest_conversation_comes_first(store: Store, clock: FrozenClock) -> None:
    older = store.start(ME, a_turn("m1"))
    clock.advance(minutes=1)
    newer = store.start(ME, a_turn("m2"))
    assert [c.id for c in store.conversations(ME)] == [newer, older]
    clock.advance(minutes=1)
    store.add(older, a_turn("m3"), owner=ME)
    assert [c.id for c in store.conversations(ME)] == [older, newer]


@pytest.mark.parametrize(
    "act",
    [
        lambda s, c: s.conversation(c, owner=OTHER),
        lambda s, c: s.add(c, a_turn("m2"), owner=OTHER),
        lambda s, c: s.change(c, owner=OTHER, title="à moi"),
        lambda s, c: s.share(c, owner=OTHER),
        lambda s, c: s.unshare(c, owner=OTHER),
        lambda s, c: s.delete(c, owner=OTHER),
        lambda s, c: s.message(c, "m1", owner=OTHER),
        lambda s, _: s.judge("m1", Feedback(Verdict.UP), owner=OTHER),
        lambda s, c: s.conversation(c, owner=""),
    ],
)
def test_what_belongs_to_someone_else_is_not_found(store: Store, act) -> None:
    identifier = store.start(ME, a_turn())
    with pytest.raises(NotFound):
        act(store, identifier)
    assert store.conversation(identifier, owner=ME).title == "Que faire ?"


def test_a_shared_conversation_opens_until_it_is_closed(store: Store) -> None:
    identifier = store.start(ME, a_turn())
    token = store.share(identifier, owner=ME)
    assert len(token) >= 32
    assert store.share(identifier, owner=ME) == token
    assert store.shared(token).id == identifier
    store.unshare(identifier, owner=ME)
    with pytest.raises(NotFound):
        store.shared(token)


def test_a_second_opinion_replaces_the_first(store: Store) -> None:
    store.start(ME, a_turn())
    store.judge("m1", Feedback(Verdict.DOWN, Complaint.WRONG, "p. 12"), owner=ME)
    judged = store.judge("m1", Feedback(Verdict.UP), owner=ME)
    assert judged.feedback == Feedback(Verdict.UP)


def test_what_is_put_aside_comes_back(store: Store) -> None:
    identifier = store.start(ME, a_turn())
    store.change(identifier, owner=ME, archived=True)
    assert store.conversations(ME) == []
    assert [c.id for c in store.conversations(ME, archived=True)] == [identifier]
    store.change(identifier, owner=ME, archived=False, title="Un autre nom")
    assert [c.title for c in store.conversations(ME)] == ["Un autre nom"]


def test_deleting_leaves_no_word_in_the_file(store: Store, tmp_path: Path) -> None:
    identifier = store.start(ME, a_turn(question="motsecretetunique"))
    store.judge("m1", Feedback(Verdict.UP), owner=ME)
    store.delete(identifier, owner=ME)
    store.close()
    database = sqlite3.connect(tmp_path / FILE_NAME)
    for table in ("conversation", "message", "feedback"):
        assert database.execute(f"select count(*) from {table}").fetchone() == (0,)
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    assert b"motsecretetunique" not in (tmp_path / FILE_NAME).read_bytes()


def test_deleting_everything_spares_the_others(store: Store) -> None:
    store.start(ME, a_turn("m1"))
    store.start(OTHER, a_turn("m2"))
    store.delete_all(ME)
    assert store.conversations(ME) == []
    assert len(store.conversations(OTHER)) == 1


def test_a_directory_that_cannot_be_made_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageUnavailable):
        Store.open(tmp_path / "file" / "data")


def test_a_file_that_is_no_database_is_said_so(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(
        b"not a database at all, but long enough to be read as one" * 50
    )
    with pytest.raises(StorageUnavailable):
        Store.open(tmp_path)


def test_a_file_that_may_not_grow_is_said_so(store: Store) -> None:
    with store._database.reading() as session:
        connection = session.connection()
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    long = NewMessage("m1", "?" * 500_000, None, None, {}, ())
    with pytest.raises(StorageUnavailable):
        store.start(ME, long)


def test_a_long_title_is_cut_at_a_word() -> None:
    assert shortened("mot " * 40).endswith("mot…")
    assert len(shortened("mot " * 40)) <= 81
    assert shortened("  deux\nlignes ") == "deux lignes"
