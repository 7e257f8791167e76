"""What pages are told, and when: over a real server, since a test client waits for the end."""

import asyncio
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from assistant.bootstrap import Engine
from assistant.workshop.session import Session
from tests.web.rooming import House, Watcher, housing, until
from tests.workshop.building import Story, agenda, item
from web import live
from web.live import Mailbox

pytestmark = pytest.mark.enable_socket
WATCHERS = 200


@pytest.fixture(scope="module")
def house(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with housing(engine, tmp_path_factory.mktemp("live")) as served:
        yield served


@pytest.fixture
def room(house: House) -> Session:
    return house.create(agenda(item("accueil", "expose"), item("mots"), item("fin")))


def screen(house: House, room: Session, known: str | None = None) -> Watcher:
    watcher = Watcher(f"{house.url}/ecran/{room.screen}/flux", known)
    until(lambda: watcher.comments)
    return watcher


def phone(house: House, room: Session) -> tuple[httpx.Client, Watcher]:
    client = httpx.Client(base_url=house.url, follow_redirects=True)
    client.post("/rejoindre", data={"code": room.code})
    watcher = Watcher(f"{house.url}/salle/{room.id}/flux", cookies=dict(client.cookies))
    until(lambda: watcher.stamps)
    return client, watcher


def settled(house: House) -> None:
    until(lambda: house.services.live.watching == 0)


def test_a_page_is_told_the_stamp_of_the_room_and_then_each_change(
    house: House, room: Session
) -> None:
    watcher = screen(house, room)
    first = until(lambda: watcher.stamps)
    page = httpx.get(f"{house.url}/ecran/{room.screen}").text
    assert f'data-stamp="{first[0]}"' in page

    house.do(room.id, "aller", item="mots")
    until(lambda: len(watcher.stamps) == 2)

    assert watcher.stamps[-1] != first[0]
    assert watcher.ids[-1] == str(house.services.workshops.room(room.id).revision)
    assert httpx.get(f"{house.url}/ecran/{room.screen}/etat").json() == {
        "stamp": watcher.stamps[-1]
    }
    watcher.leave()


def test_each_page_is_told_when_to_come_back_at_a_moment_of_its_own(
    house: House, room: Session
) -> None:
    watchers = [screen(house, room) for _ in range(6)]
    delays = {
        int(line.removeprefix("retry:"))
        for w in watchers
        for line in until(lambda w=w: [x for x in w.lines if x.startswith("retry:")])
    }
    for watcher in watchers:
        watcher.leave()

    assert len(delays) > 1
    assert all(live.RETRY[0] <= delay <= live.RETRY[1] for delay in delays)


def test_who_already_knows_is_told_nothing_until_something_moves(
    house: House, room: Session
) -> None:
    known = str(house.services.workshops.room(room.id).revision)
    watcher = screen(house, room, known)
    time.sleep(0.4)
    assert watcher.events == []

    house.do(room.id, "aller", item="mots")
    until(lambda: watcher.stamps)
    watcher.leave()


def test_who_comes_back_with_an_old_number_gets_the_latest_stamp_only(
    house: House, room: Session
) -> None:
    for _ in range(5):
        house.do(room.id, "suivant")
        house.do(room.id, "precedent")
    watcher = screen(house, room, "1")
    until(lambda: watcher.stamps)
    time.sleep(0.3)

    assert watcher.stamps == [str(house.services.workshops.room(room.id).revision)]
    watcher.leave()


def test_a_silent_line_is_kept_open_with_a_comment_that_the_page_hears(
    house: House, room: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "ALIVE", 0.1)
    watcher = screen(house, room)

    until(lambda: watcher.comments.count("ici") >= 2)

    assert ("ici", {}) in watcher.events
    watcher.leave()


def test_a_phone_hears_of_the_scene_and_of_itself_not_of_the_others(
    house: House, room: Session
) -> None:
    first, heard = phone(house, room)
    other, also = phone(house, room)
    before = len(heard.stamps)

    other.post(f"/salle/{room.id}/rythme", data={"rythme": "vite"})
    until(lambda: len(also.stamps) == 2)
    time.sleep(0.3)
    assert len(heard.stamps) == before

    house.do(room.id, "aller", item="mots")
    until(lambda: len(heard.stamps) == before + 1)
    for one in (heard, also, first, other):
        one.leave() if isinstance(one, Watcher) else one.close()


def test_many_changes_at_once_are_told_as_a_few(house: House, room: Session) -> None:
    watcher = screen(house, room)
    until(lambda: watcher.stamps)
    for turn in range(40):
        house.do(room.id, "suivant" if turn % 2 == 0 else "precedent")
    last = str(house.services.workshops.room(room.id).revision)
    until(lambda: watcher.stamps[-1] == last)

    assert len(watcher.stamps) < 25
    watcher.leave()


def test_a_slow_reader_has_one_stamp_waiting_the_latest() -> None:
    async def told() -> None:
        mailbox = Mailbox(lambda room: str(room.revision))
        story = Story()
        for name in ("a", "b", "c"):
            mailbox.offer(story.people(name).room)
        assert mailbox.stamp == str(story.room.revision)
        mailbox.news.clear()
        mailbox.offer(story.room)
        assert not mailbox.news.is_set()

    asyncio.run(told())


def test_a_room_read_late_does_not_bring_a_page_back() -> None:
    async def told() -> None:
        story = Story().people("a")
        old, mailbox = story.room, Mailbox(lambda room: str(room.revision))
        mailbox.offer(story.people("b").room)
        mailbox.offer(old)
        assert mailbox.stamp == str(story.room.revision)

    asyncio.run(told())


def test_two_hundred_pages_are_told_and_forgotten_when_they_go(house: House, room: Session) -> None:
    settled(house)
    url = f"{house.url}/ecran/{room.screen}/flux"
    with ThreadPoolExecutor(40) as pool:
        watchers = list(pool.map(lambda _: Watcher(url), range(WATCHERS)))
    until(lambda: house.services.live.watching == WATCHERS, 30)
    until(lambda: all(w.stamps for w in watchers), 30)

    house.do(room.id, "aller", item="mots")
    until(lambda: all(len(w.stamps) == 2 for w in watchers), 30)
    for watcher in watchers:
        watcher.leave()

    until(lambda: house.services.live.watching == 0, 30)
    assert house.services.live._channels == {}


def test_the_stream_ends_when_the_room_is_erased(house: House, room: Session) -> None:
    client, heard = phone(house, room)
    watcher = screen(house, room)
    house.services.workshops.delete(room.id, owner="o" * 43)

    for one in (heard, watcher):
        until(lambda one=one: one.over)
        assert one.events[-1] == ("fin", {})
    assert Watcher(f"{house.url}/ecran/{room.screen}/flux").status in (0, 404)
    assert httpx.get(f"{house.url}/ecran/{room.screen}/etat").status_code == 404
    assert client.get(f"/salle/{room.id}/etat").status_code == 403
    client.close()


def test_a_room_that_cannot_be_read_for_a_moment_is_read_again(
    house: House, room: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "AGAIN", 0.1)
    watcher = screen(house, room)
    until(lambda: watcher.stamps)
    store, real = house.services.workshops.store, house.services.workshops.store.history
    broken = [True]

    def history(workshop_id: str, *, since: int = 0):
        if broken and workshop_id == room.id and since != 0:
            broken.clear()
            raise OSError("disk")
        return real(workshop_id, since=since)

    house.do(room.id, "aller", item="mots")
    until(lambda: len(watcher.stamps) == 2)
    monkeypatch.setattr(store, "history", history)
    house.services.live.poke(room.id)
    until(lambda: not broken)
    house.do(room.id, "aller", item="fin")
    until(lambda: len(watcher.stamps) == 3)
    watcher.leave()


def test_a_server_asked_to_stop_lets_its_pages_go_and_is_back_on_the_same_port(
    engine: Engine, tmp_path: Path
) -> None:
    house = House(engine, tmp_path).start()
    room = house.create(agenda())
    watchers = [screen(house, room) for _ in range(30)]

    assert house.stop() < 3
    until(lambda: all(w.over for w in watchers))
    assert all(w.events[-1] == ("fin", {}) for w in watchers)

    house.start()
    again = screen(house, room, watchers[0].ids[-1])
    time.sleep(0.3)
    assert again.events == []  # nothing moved meanwhile: nothing to draw again
    assert house.stop() < 3


def test_a_stranger_cannot_listen(house: House, room: Session) -> None:
    for path in (f"/salle/{room.id}", f"/ecran/{'x' * 43}"):
        for part in ("flux", "etat"):
            assert httpx.get(f"{house.url}{path}/{part}").status_code in (403, 404)


@pytest.mark.parametrize(
    ("typed", "status", "words"),
    [
        ("", 200, "Le code affiché"),
        ("AAAAAA", 404, "ne correspond"),
        ("x" * 30, 404, "ne correspond"),
    ],
)
def test_the_door_says_what_is_wrong_and_stays(
    house: House, typed: str, status: int, words: str
) -> None:
    answer = httpx.get(f"{house.url}/rejoindre", params={"code": typed})

    assert answer.status_code == status
    assert words in answer.text
    assert 'name="code"' in answer.text


def test_a_door_that_closes_while_one_knocks_says_so(house: House, room: Session) -> None:
    house.do(room.id, "verrouiller")
    late = httpx.post(f"{house.url}/rejoindre", data={"code": room.code})

    assert late.status_code == 403
    assert "fermée" in late.text
    assert "fermée" in httpx.get(f"{house.url}/r/{room.code}").text


def test_who_was_put_out_reads_it_and_finds_no_way_round(house: House, room: Session) -> None:
    client, watcher = phone(house, room)
    person = house.services.workshops.room(room.id).here[0]
    house.do(room.id, "exclure", participant=person.id)

    out = client.get(f"/salle/{room.id}")
    assert out.status_code == 403
    assert "n’êtes plus" in out.text
    assert client.get(f"/r/{room.code}").status_code == 403
    watcher.leave()
    client.close()


def test_without_scripts_a_page_is_loaded_again_only_when_nothing_is_being_written(
    house: House, room: Session
) -> None:
    client, watcher = phone(house, room)
    here = f"/salle/{room.id}"
    refresh = re.compile(r'<noscript><meta http-equiv="refresh"')

    assert refresh.search(client.get(here).text)
    for part in ("question", "moi"):
        opened = client.get(here, params={"ouvrir": part}).text
        assert not refresh.search(opened)
        assert f'<section class="repli" id="{part}">' in opened
    house.do(room.id, "aller", item="mots")
    house.do(room.id, "ouvrir")
    form = client.get(here).text
    assert not refresh.search(form)

    nonce = re.search(r'name="_envoi" value="([^"]+)"', form)[1]
    data = {"_activite": "mots", "_envoi": nonce, "mot": ["lien"]}
    assert refresh.search(client.post(f"{here}/contribuer", data=data).text)
    again = client.get(here, params={"ouvrir": "reponse"}).text
    assert not refresh.search(again)
    assert 'value="lien"' in again
    watcher.leave()
    client.close()
