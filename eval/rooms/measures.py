"""What a room is put through: votes, cuts, a kill, changes of scene."""

import asyncio
import random
import re
import statistics
import time
from dataclasses import dataclass

from eval.rooms.room import Room
from eval.rooms.watching import Phone

VOTING = 10.0  # seconds in which everybody votes
CUT = 10.0  # seconds without network
SHARE_CUT = 0.3
COUNT = re.compile(r"<strong>(\d+)</strong> sur")


@dataclass(frozen=True, slots=True)
class Voting:
    """Everybody votes within ten seconds."""

    people: int
    acknowledged: int
    kept: int
    doubled: int
    lost: int
    screen_p50: float
    screen_p95: float
    acknowledge_p95: float


async def voting(room: Room, item: str) -> Voting:
    """Votes spread over ten seconds; how late the screen counts each, from its acknowledgement."""
    assert room.screen
    await room.command("ouvrir", item=item)
    await room.settled('name="mot"')
    start = time.perf_counter()

    async def one(number: int, phone: Phone) -> None:
        await asyncio.sleep(random.random() * VOTING)
        await phone.vote(item, f"mot{number}", f"{item}-{number:04}")

    await asyncio.gather(*(one(n, phone) for n, phone in enumerate(room.phones)))
    await asyncio.sleep(2)
    counts = [
        (at, int(found[1]))
        for at, text in room.screen.seen
        if at >= start and (found := COUNT.search(text))
    ]
    delays = []
    for rank, phone in enumerate(sorted(room.phones, key=lambda p: p.acknowledged), start=1):
        shown = next((at for at, count in counts if count >= rank), float("inf"))
        delays.append(max(0.0, shown - phone.acknowledged))
    kept = room.votes(item)
    sent = {phone.word for phone in room.phones}
    return Voting(
        people=len(room.phones),
        acknowledged=sum(phone.acknowledged > 0 for phone in room.phones),
        kept=len(set(kept)),
        doubled=len(kept) - len(set(kept)),
        lost=len(sent - set(kept)),
        screen_p50=round(statistics.median(delays), 3),
        screen_p95=round(p95(delays), 3),
        acknowledge_p95=round(p95([p.acknowledged - p.sent for p in room.phones]), 3),
    )


@dataclass(frozen=True, slots=True)
class Cutting:
    """A share of the room loses the network for ten seconds while the trainer goes on."""

    cut: int
    caught_up: int
    slowest: float
    busiest_100_ms: int


async def cutting(room: Room, item: str) -> Cutting:
    """How long those who were cut take to show where the room is."""
    gone = random.sample(room.phones, round(len(room.phones) * SHARE_CUT))
    for phone in gone:
        await phone.cut()
    await room.command("aller", item=item)
    await asyncio.sleep(CUT)
    title = f"Mots {item.rpartition('-')[2]}"
    back = time.perf_counter()
    for phone in gone:
        phone.back()
    late: list[float] = []
    while time.perf_counter() - back < 15 and len(late) < len(gone):
        late = [
            at - back
            for phone in gone
            for at, text in phone.seen[-1:]
            if at > back and title in text
        ]
        await asyncio.sleep(0.02)
    moments = sorted(at - back for phone in gone for at in phone.requests if at > back)
    busiest = max((sum(at <= other < at + 0.1 for other in moments) for at in moments), default=0)
    return Cutting(len(gone), len(late), round(max(late, default=float("inf")), 2), busiest)


@dataclass(frozen=True, slots=True)
class Killing:
    """The server is killed while everybody votes, and started again."""

    serving_again: float
    acknowledged: int
    lost: int
    doubled: int
    caught_up: bool


async def killing(room: Room, item: str) -> Killing:
    """What was acknowledged before, during and after is kept once."""
    await room.command("ouvrir", item=item)
    await room.settled('name="mot"')
    for phone in room.phones:
        phone.acknowledged = 0.0

    async def one(number: int, phone: Phone) -> None:
        await asyncio.sleep(random.random() * VOTING)
        await phone.vote(item, f"coup{number}", f"{item}-{number:04}")

    votes = asyncio.gather(*(one(n, phone) for n, phone in enumerate(room.phones)))
    await asyncio.sleep(VOTING / 2)
    victim = room.servers[0]
    victim.kill()
    serving = await asyncio.to_thread(victim.start)
    await votes
    kept = room.votes(item)
    acknowledged = {phone.word for phone in room.phones if phone.acknowledged}
    entries = room.entries(item)
    await room.command("aller", item="mots-59")
    caught = await room.settled("Mots 59")
    return Killing(
        serving_again=round(serving, 2),
        acknowledged=len(acknowledged),
        lost=len(acknowledged - set(kept)),
        doubled=entries - len(set(kept)),
        caught_up=caught < 15,
    )


async def fan_out(room: Room, changes: int, first: int) -> float:
    """Processor milliseconds a participant for one change of scene that every phone draws."""
    before = sum(server.cpu() for server in room.servers)
    for number in range(first, first + changes):
        await room.command("aller", item=f"mots-{number}")
        await room.settled(f"Mots {number}<")
    spent = sum(server.cpu() for server in room.servers) - before
    return spent * 1000 / changes / len(room.phones)


def p95(values: list[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(values, n=20)[-1] if len(values) > 1 else max(values, default=0.0)
