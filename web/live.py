"""Tell every open page that its room has moved: a stamp each, the latest only, never a queue.

A page that is slow, or was cut off, gets the stamp of the room as it now is; it draws itself
again when that is not the stamp it shows. Nothing has to be replayed, nothing can overflow.
"""

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from anyio import CapacityLimiter, to_thread
from fastapi.sse import ServerSentEvent

from assistant.errors import NotFound
from assistant.workshop.room import Room
from assistant.workshop.workshops import Workshops

GATHER = 0.08  # seconds in which what happens together is told together
RETRY = (1_000, 4_000)  # milliseconds after which a page cut off comes back: each its own
ALIVE = 15.0  # seconds without news after which a word keeps the line open
AGAIN = 1.0  # seconds before a room that could not be read is read again
LOOKS = 4  # rooms looked at together, apart from the threads that pages wait for
log = logging.getLogger("web")
Stamp = Callable[[Room], str]


@dataclass(eq=False)
class Mailbox:
    """What one page still has to be told: at most one stamp, the latest."""

    stamp_of: Stamp
    stamp: str | None = None
    revision: int = 0
    news: asyncio.Event = field(default_factory=asyncio.Event)
    closed: bool = False

    def offer(self, room: Room) -> None:
        """Leave the stamp of ``room`` unless the page knows it, or knows a later one."""
        if room.revision < self.revision:
            return
        stamp = self.stamp_of(room)
        self.revision = room.revision
        if stamp != self.stamp:
            self.stamp = stamp
            self.news.set()

    def close(self) -> None:
        """Say that there is nothing more to come."""
        self.closed = True
        self.news.set()


@dataclass(eq=False)
class _Channel:
    mailboxes: set[Mailbox] = field(default_factory=set)
    moved: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None


class Live:
    """The pages that watch rooms in this process.

    ``tail`` is how often, in seconds, a room is looked at for what another process did; None
    when this process is alone.
    """

    def __init__(self, workshops: Workshops, *, tail: float | None = None) -> None:
        self._workshops = workshops
        self._tail = tail
        self._channels: dict[str, _Channel] = {}
        self._looks = CapacityLimiter(LOOKS)
        self._closing = False
        self._loop: asyncio.AbstractEventLoop | None = None
        workshops.changed = self.poke

    def poke(self, workshop_id: str) -> None:
        """A room has moved; called from any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._moved, workshop_id)

    def _moved(self, workshop_id: str) -> None:
        if channel := self._channels.get(workshop_id):
            channel.moved.set()

    async def watch(
        self, workshop_id: str, stamp_of: Stamp, *, known: str | None = None, pace: float = 0.0
    ) -> AsyncIterator[ServerSentEvent]:
        """The events of one page, until it goes; ``known`` is the last id it received.

        ``pace`` is the least time, in seconds, between two of them.
        """
        mailbox = Mailbox(stamp_of)
        channel = self._join(workshop_id, mailbox)
        try:
            mailbox.offer(await self._room(workshop_id))
            if known == str(mailbox.revision) and not mailbox.closed:
                mailbox.news.clear()
            yield ServerSentEvent(comment="bienvenue", retry=random.randint(*RETRY))  # noqa: S311 - no secret
            while True:
                try:
                    await asyncio.wait_for(mailbox.news.wait(), ALIVE)
                except TimeoutError:
                    # a comment for what stands between, an event for the page: it tells a
                    # silent room from a dead line
                    yield ServerSentEvent(comment="ici", event="ici", data={})
                    continue
                mailbox.news.clear()
                if mailbox.closed:
                    yield ServerSentEvent(event="fin", data={})
                    return
                yield ServerSentEvent(
                    event="etat", id=str(mailbox.revision), data={"stamp": mailbox.stamp}
                )
                if pace:
                    await asyncio.sleep(pace)
        finally:
            self._leave(workshop_id, channel, mailbox)

    @property
    def watching(self) -> int:
        """How many pages watch."""
        return sum(len(channel.mailboxes) for channel in self._channels.values())

    async def close(self) -> None:
        """Let every page go, and whoever still comes: they find who serves next."""
        self._closing = True
        for channel in list(self._channels.values()):
            for mailbox in channel.mailboxes:
                mailbox.close()
            if channel.task:
                channel.task.cancel()

    def _join(self, workshop_id: str, mailbox: Mailbox) -> _Channel:
        self._loop = asyncio.get_running_loop()
        channel = self._channels.setdefault(workshop_id, _Channel())
        channel.mailboxes.add(mailbox)
        if self._closing:
            mailbox.close()
        elif channel.task is None or channel.task.done():
            channel.task = asyncio.create_task(self._pump(workshop_id, channel))
        return channel

    def _leave(self, workshop_id: str, channel: _Channel, mailbox: Mailbox) -> None:
        channel.mailboxes.discard(mailbox)
        if not channel.mailboxes and self._channels.get(workshop_id) is channel:
            del self._channels[workshop_id]
            if channel.task:
                channel.task.cancel()

    async def _pump(self, workshop_id: str, channel: _Channel) -> None:
        while True:
            try:
                await asyncio.wait_for(channel.moved.wait(), self._tail)
            except TimeoutError:
                pass
            else:
                await asyncio.sleep(GATHER)
            channel.moved.clear()
            try:
                room = await self._room(workshop_id)
            except NotFound:
                for mailbox in channel.mailboxes:
                    mailbox.close()
                return
            except Exception:
                log.exception("room %s cannot be read", workshop_id)
                await asyncio.sleep(AGAIN)
                channel.moved.set()
                continue
            for mailbox in channel.mailboxes:
                mailbox.offer(room)

    async def _room(self, workshop_id: str) -> Room:
        return await to_thread.run_sync(self._workshops.room, workshop_id, limiter=self._looks)
