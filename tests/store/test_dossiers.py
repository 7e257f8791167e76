"""Case files are kept, numbered, shared by link and erased."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.clock import FrozenClock
from assistant.coaching import events as ev
from assistant.coaching.dossier import InvitationClosed, InvitationTaken
from assistant.errors import NotFound
from assistant.store.database import FILE_NAME
from assistant.store.dossiers import DossierStore
from assistant.store.store import Store

ME, GUEST, OTHER = "me", "guest", "someone-else"


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
def opened(tmp_path: Path, clock: FrozenClock) -> Iterator[Store]:
    store = Store.open(tmp_path, clock=clock)
    yield store
    store.close()


@pytest.fixture
def store(opened: Store) -> DossierStore:
    return opened.dossiers


def said(**values: object) -> ev.Answered:
    return ev.Answered(values=values)


def test_a_case_file_is_created_empty_and_dated(store: DossierStore, clock: FrozenClock) -> None:
    made = store.create(ME, title="  Festival  ")

    assert (made.title, made.revision, made.side, made.mine) == ("Festival", 0, "porteur", True)
    assert made.created_at == made.updated_at == clock.now()
    assert store.history(made.id, owner=ME) == []
    assert store.dossier(made.id, owner=ME) == made


def test_an_imported_history_keeps_its_sides_and_its_dates(store: DossierStore) -> None:
    at = datetime(2025, 1, 2, tzinfo=UTC)
    before = ev.Recorded(seq=1, at=at, side="partenaire", author="Verdier", event=said(maturite=2))
    made = store.create(ME, title="x", events=[before])

    assert store.history(made.id, owner=ME) == [before]
    assert store.dossier(made.id, owner=ME).revision == 1


def test_events_are_numbered_dated_and_come_back_as_they_were(
    store: DossierStore, clock: FrozenClock
) -> None:
    made = store.create(ME, title="x")
    clock.advance(hours=1)
    events = [said(maturite=2), ev.Undone(target=1), ev.Noted(question="D1-01", text="é « œ »")]
    added = store.append(made.id, events, owner=ME)

    assert [item.seq for item in added] == [1, 2, 3]
    assert {item.at for item in added} == {clock.now()}
    assert [item.event for item in store.history(made.id, owner=ME)] == events
    assert store.history(made.id, owner=ME, since=2) == added[2:]
    assert store.dossier(made.id, owner=ME).updated_at == clock.now()


def test_appending_nothing_changes_nothing(store: DossierStore, clock: FrozenClock) -> None:
    made = store.create(ME, title="x")
    clock.advance(hours=1)

    assert store.append(made.id, [], owner=ME) == []
    assert store.dossier(made.id, owner=ME) == made


def test_many_at_once_get_each_their_number(store: DossierStore) -> None:
    made = store.create(ME, title="x")

    def add(number: int) -> list[int]:
        both = [said(maturite=1), said(don=number)]
        return [item.seq for item in store.append(made.id, both, owner=ME)]

    with ThreadPoolExecutor(20) as pool:
        given = list(pool.map(add, range(60)))
    # each pair was taken together
    assert all(second == first + 1 for first, second in given)
    assert sorted(seq for pair in given for seq in pair) == list(range(1, 121))
    assert store.dossier(made.id, owner=ME).revision == 120
    assert [item.seq for item in store.history(made.id, owner=ME)] == list(range(1, 121))


def test_a_batch_that_fails_leaves_nothing(store: DossierStore) -> None:
    made = store.create(ME, title="x")

    def broken() -> Iterator[ev.Event]:
        yield said(maturite=1)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        store.append(made.id, broken(), owner=ME)
    assert store.history(made.id, owner=ME) == []
    assert store.dossier(made.id, owner=ME).revision == 0


@pytest.mark.parametrize("stranger", [OTHER, ""])
def test_somebody_elses_case_file_does_not_exist(store: DossierStore, stranger: str) -> None:
    made = store.create(ME, title="x")
    invitation, _ = store.invite(made.id, owner=ME, side="partenaire", name="")
    attempts = [
        lambda: store.dossier(made.id, owner=stranger),
        lambda: store.history(made.id, owner=stranger),
        lambda: store.append(made.id, [said(maturite=1)], owner=stranger),
        lambda: store.change(made.id, owner=stranger, title="y"),
        lambda: store.delete(made.id, owner=stranger),
        lambda: store.invite(made.id, owner=stranger, side="tiers", name=""),
        lambda: store.invitations(made.id, owner=stranger),
        lambda: store.revoke(made.id, invitation.id, owner=stranger),
    ]
    for attempt in attempts:
        with pytest.raises(NotFound):
            attempt()
    assert store.listing(stranger) == []
    assert store.dossier(made.id, owner=ME) == made
    assert store.invitations(made.id, owner=ME) == [invitation]


def test_a_title_is_changed_shortened_and_never_emptied(store: DossierStore) -> None:
    made = store.create(ME, title="x" * 500)
    assert len(made.title) == 120
    store.change(made.id, owner=ME, title="Jardins")
    store.change(made.id, owner=ME, title="   ")

    assert store.dossier(made.id, owner=ME).title == "Jardins"


def test_what_is_put_aside_is_in_another_list(store: DossierStore) -> None:
    made = store.create(ME, title="x")
    store.change(made.id, owner=ME, archived=True)

    assert store.listing(ME) == []
    assert [d.id for d in store.listing(ME, archived=True)] == [made.id]


def test_a_list_has_ones_own_and_those_one_is_invited_to_latest_first(
    store: DossierStore, clock: FrozenClock
) -> None:
    mine = store.create(GUEST, title="à moi")
    clock.advance(minutes=1)
    theirs = store.create(ME, title="à eux")
    store.create(OTHER, title="à d'autres")
    _, secret = store.invite(theirs.id, owner=ME, side="tiers", name="Mairie")
    store.accept(secret, guest=GUEST)

    seen = store.listing(GUEST)
    assert [(d.id, d.side, d.author, d.mine) for d in seen] == [
        (theirs.id, "tiers", "Mairie", False), (mine.id, "porteur", "", True),
    ]  # fmt: skip


def test_a_guest_writes_for_the_side_invited(store: DossierStore) -> None:
    made = store.create(ME, title="x")
    _, secret = store.invite(made.id, owner=ME, side="partenaire", name=" Verdier ")
    assert store.accept(secret, guest=GUEST) == made.id
    (added,) = store.append(made.id, [said(maturite=3)], owner=GUEST)

    assert (added.side, added.author) == ("partenaire", "Verdier")
    for act in (
        lambda: store.change(made.id, owner=GUEST, title="y"),
        lambda: store.delete(made.id, owner=GUEST),
        lambda: store.invite(made.id, owner=GUEST, side="tiers", name=""),
        lambda: store.invitations(made.id, owner=GUEST),
    ):
        with pytest.raises(NotFound):
            act()


def test_a_link_is_for_one_browser(store: DossierStore) -> None:
    made = store.create(ME, title="x")
    _, secret = store.invite(made.id, owner=ME, side="partenaire", name="")
    store.accept(secret, guest=GUEST)

    assert store.accept(secret, guest=GUEST) == made.id
    with pytest.raises(InvitationTaken):
        store.accept(secret, guest=OTHER)
    with pytest.raises(InvitationTaken):
        store.offer(secret, guest=OTHER)
    with pytest.raises(NotFound):
        store.dossier(made.id, owner=OTHER)


def test_the_owner_leaves_a_link_to_the_guest(store: DossierStore) -> None:
    made = store.create(ME, title="x")
    _, secret = store.invite(made.id, owner=ME, side="partenaire", name="")

    assert store.offer(secret, guest=ME)[0].mine
    assert store.accept(secret, guest=ME) == made.id
    assert store.dossier(made.id, owner=ME).side == "porteur"
    assert store.accept(secret, guest=GUEST) == made.id


def test_an_offer_tells_before_anything_is_accepted(store: DossierStore) -> None:
    made = store.create(ME, title="Festival")
    store.append(made.id, [said(acteur_nom="Les Jardins")], owner=ME)
    invitation, secret = store.invite(made.id, owner=ME, side="tiers", name="Mairie")
    offer, history = store.offer(secret, guest="")

    assert (offer.title, offer.invitation, offer.mine) == ("Festival", invitation, False)
    assert len(history) == 1
    assert not store.invitations(made.id, owner=ME)[0].opened


def test_a_link_ends_when_it_expires(store: DossierStore, clock: FrozenClock) -> None:
    made = store.create(ME, title="x")
    _, used = store.invite(made.id, owner=ME, side="partenaire", name="", days=7)
    _, unused = store.invite(made.id, owner=ME, side="tiers", name="", days=7)
    store.accept(used, guest=GUEST)
    clock.advance(days=7, seconds=-1)
    assert store.dossier(made.id, owner=GUEST).side == "partenaire"
    assert {i.standing(clock.now()) for i in store.invitations(made.id, owner=ME)} == {
        "opened", "waiting",
    }  # fmt: skip

    clock.advance(seconds=1)
    _closed(store, made.id, used, unused)
    assert {i.standing(clock.now()) for i in store.invitations(made.id, owner=ME)} == {"expired"}


def test_a_link_ends_when_it_is_withdrawn(store: DossierStore, clock: FrozenClock) -> None:
    made = store.create(ME, title="x")
    first, used = store.invite(made.id, owner=ME, side="partenaire", name="")
    second, unused = store.invite(made.id, owner=ME, side="tiers", name="")
    store.accept(used, guest=GUEST)
    store.append(made.id, [said(maturite=3)], owner=GUEST)
    store.revoke(made.id, first.id, owner=ME)
    store.revoke(made.id, second.id, owner=ME)

    _closed(store, made.id, used, unused)
    # what the guest said stays
    assert [item.side for item in store.history(made.id, owner=ME)] == ["partenaire"]
    withdrawn = store.invitations(made.id, owner=ME)
    assert {i.standing(clock.now()) for i in withdrawn} == {"withdrawn"}
    clock.advance(days=1)
    store.revoke(made.id, first.id, owner=ME)
    assert store.invitations(made.id, owner=ME) == withdrawn


def _closed(store: DossierStore, identifier: str, *secrets: str) -> None:
    for secret in secrets:
        with pytest.raises(InvitationClosed):
            store.accept(secret, guest=GUEST)
        with pytest.raises(InvitationClosed):
            store.offer(secret, guest=GUEST)
    for act in (
        lambda: store.dossier(identifier, owner=GUEST),
        lambda: store.history(identifier, owner=GUEST),
        lambda: store.append(identifier, [said(maturite=4)], owner=GUEST),
    ):
        with pytest.raises(NotFound):
            act()
    assert store.listing(GUEST) == []


def test_a_link_of_another_case_file_cannot_be_withdrawn(store: DossierStore) -> None:
    mine, theirs = store.create(ME, title="x"), store.create(OTHER, title="y")
    invitation, secret = store.invite(theirs.id, owner=OTHER, side="tiers", name="")

    for identifier in (invitation.id, "unknown"):
        with pytest.raises(InvitationClosed):
            store.revoke(mine.id, identifier, owner=ME)
    assert store.accept(secret, guest=GUEST) == theirs.id


def test_the_latest_link_of_a_browser_says_its_side(
    store: DossierStore, clock: FrozenClock
) -> None:
    made = store.create(ME, title="x")
    sides = ("partenaire", "tiers")
    for side in sides:
        _, secret = store.invite(made.id, owner=ME, side=side, name=side)
        store.accept(secret, guest=GUEST)
        clock.advance(minutes=1)

    assert store.dossier(made.id, owner=GUEST).side == "tiers"
    assert [d.side for d in store.listing(GUEST)] == ["tiers"]


def test_secrets_differ_and_are_not_kept(store: DossierStore, tmp_path: Path) -> None:
    made = store.create(ME, title="x")
    given = [store.invite(made.id, owner=ME, side="tiers", name="")[1] for _ in range(3)]

    assert len(set(given)) == 3
    assert all(len(secret) == 43 for secret in given)
    kept = _bytes(tmp_path)
    assert not [secret for secret in given if secret.encode() in kept]


def test_erasing_leaves_no_row_and_no_byte(opened: Store, tmp_path: Path) -> None:
    store = opened.dossiers
    made = store.create(ME, title="titre-a-effacer")
    kept = store.create(ME, title="titre-a-garder")
    store.append(made.id, [said(attentes=["mot-a-effacer"])], owner=ME)
    _, secret = store.invite(made.id, owner=ME, side="partenaire", name="nom-a-effacer")
    store.accept(secret, guest=GUEST)
    store.delete(made.id, owner=ME)

    with pytest.raises(NotFound):
        store.dossier(made.id, owner=ME)
    with pytest.raises(InvitationClosed):
        store.accept(secret, guest=GUEST)
    assert [d.id for d in store.listing(ME)] == [kept.id]
    assert store.listing(GUEST) == []
    opened.close()
    with sqlite3.connect(tmp_path / FILE_NAME) as connection:
        for table in ("dossier_event", "invitation"):
            assert connection.execute(f"select count(*) from {table}").fetchone() == (0,)
    left = _bytes(tmp_path)
    assert b"titre-a-garder" in left
    assert not [w for w in (b"titre-a-effacer", b"mot-a-effacer", b"nom-a-effacer") if w in left]


def _bytes(directory: Path) -> bytes:
    return b"".join(path.read_bytes() for path in directory.rglob("*") if path.is_file())


def test_a_case_file_outlives_the_process(tmp_path: Path, clock: FrozenClock) -> None:
    first = Store.open(tmp_path, clock=clock)
    made = first.dossiers.create(ME, title="x")
    first.dossiers.append(made.id, [said(maturite=2)], owner=ME)
    first.close()
    again = Store.open(tmp_path, clock=clock)
    assert [i.event for i in again.dossiers.history(made.id, owner=ME)] == [said(maturite=2)]
    again.close()
