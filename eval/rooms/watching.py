"""A server that can be killed, and pages that follow their room as live.js does."""

import asyncio
import contextlib
import itertools
import json
import os
import random
import re
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import psutil

BACK = 2.0  # seconds over which pages come back when the network does
LINE = re.compile(r"(\w+): ?(.*)")
STAMP = re.compile(r'data-stamp="([^"]*)"')


@dataclass
class Server:
    """One worker: a real process, which can be killed and started again on its port."""

    data: Path
    database_url: str | None
    port: int = 0
    process: subprocess.Popen[str] | None = None

    def start(self) -> float:
        """Start, and return the seconds until it says that it is ready."""
        before = time.perf_counter()
        command = [sys.executable, "-m", "assistant", "serve", "--data", str(self.data),
                   "--port", str(self.port)]  # fmt: skip
        environment = {"ASSISTANT_DATABASE_URL": self.database_url} if self.database_url else {}
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, env={**os.environ, **environment}
        )
        assert self.process.stdout
        line = self.process.stdout.readline()
        found = re.search(r"http://[^:]+:(\d+)", line)
        assert found, line
        self.port = int(found[1])
        return time.perf_counter() - before

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def cpu(self) -> float:
        """Seconds of processor used so far."""
        assert self.process
        times = psutil.Process(self.process.pid).cpu_times()
        return float(times.user + times.system)

    def kill(self) -> None:
        """As a power cut would."""
        assert self.process
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """Ask it to stop."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=20)


@dataclass
class Watcher:
    """A page that follows its room as live.js does: a stamp arrives, the page is fetched."""

    http: aiohttp.ClientSession
    url: str
    page: str
    stream: str
    jitter: float
    cookies: dict[str, str] = field(default_factory=dict)
    shown: str = ""
    seen: list[tuple[float, str]] = field(default_factory=list)
    requests: list[float] = field(default_factory=list)
    online: asyncio.Event = field(default_factory=asyncio.Event)
    last_id: str = ""
    retry: float = 1.0
    task: asyncio.Task[None] | None = None
    line: aiohttp.ClientResponse | None = None

    def begin(self) -> None:
        """Start to follow."""
        self.online.set()
        self.task = asyncio.create_task(self._follow())

    async def cut(self) -> None:
        """Lose the network."""
        self.online.clear()
        if self.line:
            self.line.close()

    def back(self) -> None:
        """Have it again."""
        self.online.set()

    async def _follow(self) -> None:
        while True:
            if not self.online.is_set():
                await self.online.wait()
                await asyncio.sleep(random.random() * BACK)  # as live.js on « online »
            with contextlib.suppress(TimeoutError, aiohttp.ClientError, ConnectionError, OSError):
                await self._listen()
            await asyncio.sleep(self.retry)

    async def _listen(self) -> None:
        headers = {"Last-Event-ID": self.last_id} if self.last_id else {}
        self.requests.append(time.perf_counter())
        timeout = aiohttp.ClientTimeout(total=None, sock_read=40)
        async with self.http.get(
            self.url + self.stream, headers=headers, cookies=self.cookies, timeout=timeout
        ) as self.line:
            self.line.raise_for_status()
            async for raw in self.line.content:
                found = LINE.match(raw.decode())
                if found is None:
                    continue
                name, value = found[1], found[2].strip()
                if name == "id":
                    self.last_id = value
                elif name == "retry":
                    self.retry = int(value) / 1000
                elif name == "data" and value.startswith('{"stamp"'):
                    stamp = json.loads(value)["stamp"]
                    if stamp != self.shown:
                        await asyncio.sleep(random.random() * self.jitter)
                        await self._fetch()

    async def _fetch(self) -> None:
        self.requests.append(time.perf_counter())
        async with self.http.get(self.url + self.page, cookies=self.cookies) as answer:
            text = await answer.text()
            answer.raise_for_status()
        found = STAMP.search(text)
        self.shown = found[1] if found else ""
        self.seen.append((time.perf_counter(), text))


@dataclass
class Phone(Watcher):
    """A participant."""

    word: str = ""
    acknowledged: float = 0.0
    sent: float = 0.0
    attempts: int = 0

    async def vote(self, item: str, word: str, nonce: str) -> None:
        """Send one word until it is acknowledged, as live.js does."""
        data = {"_activite": item, "_envoi": nonce, "mot": word}
        self.word, self.sent = word, time.perf_counter()
        for attempt in itertools.count():
            self.attempts += 1
            try:
                async with self.http.post(
                    f"{self.url}{self.page}/contribuer", data=data, cookies=self.cookies,
                    allow_redirects=False, timeout=aiohttp.ClientTimeout(total=8),
                ) as answer:  # fmt: skip
                    if answer.status == 303:
                        self.acknowledged = time.perf_counter()
                        return
            except (TimeoutError, aiohttp.ClientError, OSError):
                pass
            await asyncio.sleep(min(4.0, 0.3 * 2**attempt) * (0.5 + random.random() / 2))
