"""The same promises over PostgreSQL, with two workers."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import inspect

from assistant.coaching.events import Answered
from assistant.errors import CallerError, NotFound, StorageUnavailable
from assistant.store.database import Database
from assistant.store.models import Base
from assistant.store.store import Store
from assistant.store.values import NewMessage
from assistant.workshop.commands import Command
from assistant.workshop.workshops import Workshops
from tests.store.postgresql import binaries, postgresql
from tests.workshop.building import activities, agenda, item

OWNER = "o" * 43
pytestmark = pytest.mark.enable_socket


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if binaries() is None:
        pytest.skip("PostgreSQL is missing: apt-get install postgresql")
    with postgresql(tmp_path_factory.mktemp("postgresql")) as address:
        yield address


@pytest.fixture
def stores(url: str, tmp_path: Path) -> Iterator[tuple[Store, Store]]:
    """Two workers over one database."""
    opened = Store.open(tmp_path, url=url), Store.open(tmp_path, url=url)
    yield opened
    for store in opened:
        store.close()


def message(question: str) -> NewMessage:
    import uuid

    return NewMessage(
        id=str(uuid.uuid4()), question=question, actor=None, resolved=None,
        reply={"answer": "é « œ » 🙂"}, units=(),
    )  # fmt: skip


def test_the_schema_is_the_one_of_the_models(url: str, tmp_path: Path) -> None:
    database = Database(tmp_path, url)
    assert set(inspect(database.engine).get_table_names()) >= set(Base.metadata.tables)
    database.close()


def test_two_workers_that_start_together_migrate_once(url: str, tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        for database in pool.map(lambda _: Database(tmp_path, url), range(4)):
            database.close()


def test_what_one_worker_keeps_the_other_finds(stores: tuple[Store, Store]) -> None:
    one, other = stores
    kept = one.start(OWNER, message("Où aller ?"))

    found = other.conversation(kept, owner=OWNER)

    assert found.turns == 1
    assert other.messages(found)[0].reply == {"answer": "é « œ » 🙂"}
    assert found.created_at.tzinfo is not None


def test_turns_written_at_once_by_two_workers_get_places_of_their_own(
    stores: tuple[Store, Store],
) -> None:
    kept = stores[0].start(OWNER)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(
            lambda n: stores[n % 2].add(kept, message(f"Question {n}"), owner=OWNER), range(24)
        ))  # fmt: skip

    found = stores[0].messages(stores[0].conversation(kept, owner=OWNER))

    assert [m.position for m in found] == list(range(1, 25))


def test_a_case_file_is_appended_by_two_workers_without_a_gap(stores: tuple[Store, Store]) -> None:
    made = stores[0].dossiers.create(OWNER, title="Jardins")
    event = Answered(values={"acteur_nom": "Les Jardins"})
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(
            lambda n: stores[n % 2].dossiers.append(made.id, [event], owner=OWNER), range(24)
        ))  # fmt: skip

    seqs = [e.seq for e in stores[1].dossiers.history(made.id, owner=OWNER)]

    assert seqs == list(range(1, 25))


def test_no_vote_is_lost_or_doubled_between_two_workers(stores: tuple[Store, Store]) -> None:
    workers = [Workshops(store.workshops, activities()) for store in stores]
    made = workers[0].create(OWNER, agenda(item("mots")))
    workers[0].direct(made.id, Command(action="aller", item="mots"))
    workers[1].direct(made.id, Command(action="ouvrir"))

    def vote(number: int) -> None:
        worker = workers[number % 2]
        secret = worker.join(made.id, name=None, actor=None, table=None)
        who = worker.store.participant(made.id, secret)
        assert who
        form = {"mot": [f"mot{number}"]}
        for again in (worker, workers[1 - number % 2]):  # a retry that reaches the other worker
            again.contribute(made.id, who, "mots", form=form, nonce=f"nonce-{number}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(vote, range(40)))

    rooms = [worker.room(made.id) for worker in workers]
    assert rooms[0] == rooms[1]
    words = [e.value["words"][0] for e in rooms[0].stage("mots").entries.values() if e.value]
    assert sorted(words) == sorted(f"mot{n}" for n in range(40))
    assert len(rooms[0].here) == 40


def test_erasing_from_one_worker_erases_for_the_other(stores: tuple[Store, Store]) -> None:
    workers = [Workshops(store.workshops, activities()) for store in stores]
    made = workers[0].create(OWNER, agenda(item("mots")))
    workers[1].room(made.id)

    workers[0].delete(made.id, owner=OWNER)

    with pytest.raises(NotFound):
        workers[1].room(made.id)


@pytest.mark.parametrize("wrong", ["mysql://x@127.0.0.1/x", "pas une adresse", "sqlite:///x"])
def test_an_address_of_something_else_is_refused(wrong: str, tmp_path: Path) -> None:
    with pytest.raises(CallerError) as refused:
        Database(tmp_path, wrong)

    assert refused.value.name == "base_inconnue"


def test_a_server_that_does_not_answer_is_said_without_the_password(tmp_path: Path) -> None:
    with pytest.raises(StorageUnavailable) as raised:
        Database(tmp_path, "postgresql://cote:motdepasse@127.0.0.1:1/salle")

    assert "motdepasse" not in str(raised.value.details)
