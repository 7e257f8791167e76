"""A workshop on one or two workers, its phones, its screen and its trainer."""

import asyncio
import time
from dataclasses import dataclass, field

import aiohttp

from assistant.store.store import Store
from assistant.workshop.agenda import Agenda, Item
from assistant.workshop.events import AgendaSet, Contributed
from assistant.workshop.room import fold
from eval.rooms.watching import Phone, Server, Watcher

OWNER = "t" * 43


@dataclass
class Room:
    """A workshop on one or two workers, with its phones and its screen."""

    store: Store
    servers: list[Server]
    http: aiohttp.ClientSession
    id: str = ""
    code: str = ""
    phones: list[Phone] = field(default_factory=list)
    screen: Watcher | None = None

    async def fill(self, people: int) -> None:
        """Everybody comes in and watches."""
        items = tuple(
            Item(id=f"mots-{n}", kind="nuage", title=f"Mots {n}", minutes=5, purpose="x",
                 instructions="x", config={"question": "Un mot ?", "words": 1})
            for n in range(60)
        )  # fmt: skip
        agenda = Agenda(title="Mesure", items=items)
        made = self.store.workshops.create(OWNER, title="Mesure", events=[AgendaSet(agenda=agenda)])
        self.id, self.code = made.id, made.code or ""
        page = f"/ecran/{made.screen}"
        self.screen = Watcher(self.http, self.servers[-1].url, page, f"{page}/flux", 0.0)
        self.screen.begin()
        gate = asyncio.Semaphore(20)
        await asyncio.gather(*(self._enter(gate, number) for number in range(people)))
        await self.settled()

    async def _enter(self, gate: asyncio.Semaphore, number: int) -> None:
        server = self.servers[number % len(self.servers)]
        async with (
            gate,
            self.http.post(
                f"{server.url}/rejoindre", data={"code": self.code}, allow_redirects=False
            ) as answer,
        ):
            assert answer.status == 303, answer.status
            cookies = {name: morsel.value for name, morsel in answer.cookies.items()}
        page = f"/salle/{self.id}"
        phone = Phone(self.http, server.url, page, f"{page}/flux", 0.4, cookies)
        phone.begin()
        self.phones.append(phone)

    async def command(self, action: str, **fields: str) -> None:
        """The trainer does something."""
        server = self.servers[0]
        async with self.http.post(
            f"{server.url}/ateliers/{self.id}/commande", data={"action": action, **fields},
            cookies={"cote_a_cote": OWNER}, allow_redirects=False,
        ) as answer:  # fmt: skip
            assert answer.status == 303, (answer.status, await answer.text())

    async def settled(self, title: str = "") -> float:
        """Wait until every phone shows ``title``; the seconds that it took."""
        before = time.perf_counter()
        while time.perf_counter() - before < 30:
            if all(phone.seen and title in phone.seen[-1][1] for phone in self.phones):
                return time.perf_counter() - before
            await asyncio.sleep(0.02)
        return float("inf")

    async def leave(self) -> None:
        """Nobody watches any more."""
        for watcher in (*self.phones, self.screen):
            if watcher and watcher.task:
                watcher.task.cancel()
                await watcher.cut()

    def votes(self, item: str) -> list[str]:
        """The words that the database holds for an item, in order."""
        return [
            recorded.event.value["words"][0]
            for recorded in self.store.workshops.history(self.id)
            if isinstance(recorded.event, Contributed)
            and recorded.event.item == item
            and recorded.event.value
        ]

    def entries(self, item: str) -> int:
        """How many contributions count for an item."""
        return len(fold(self.store.workshops.history(self.id)).stage(item).entries)
