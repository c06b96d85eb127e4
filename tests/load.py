"""Many clients at once against a server on this machine, over plain HTTP, and what each of them saw.

Each client keeps its connection and waits for an answer before it asks again, as a phone does.
"""

import asyncio
import math
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import urlsplit

NO_ANSWER = 0


@dataclass(frozen=True)
class Shot:
    """One request, ready to be sent; `key` is whatever the test wants to find it by."""

    path: str
    method: str = "GET"
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    key: object = None
    address: str = ""


@dataclass(frozen=True)
class Seen:
    """What a client saw of one request: how long it waited, and for which answer."""

    shot: Shot
    status: int
    body: bytes
    began: float
    seconds: float


@dataclass(frozen=True)
class Volley:
    """Everything that all clients saw, and how long it took."""

    seen: Sequence[Seen]
    seconds: float

    @property
    def rate(self) -> float:
        return len(self.seen) / self.seconds if self.seconds else 0.0

    @property
    def statuses(self) -> dict[int, int]:
        return dict(Counter(one.status for one in self.seen))

    def percentile(self, percent: float) -> float:
        """Return so many seconds that this share of the requests took no longer (nearest rank)."""
        return percentile([one.seconds for one in self.seen], percent)


def percentile(values: Sequence[float], percent: float) -> float:
    ordered = sorted(values)
    return ordered[max(0, math.ceil(percent / 100 * len(ordered)) - 1)] if ordered else 0.0


@dataclass(frozen=True, kw_only=True)
class Crowd:
    """How clients behave: how many there are, how fast they ask, and how they take a failure."""

    clients: int
    per_second: float | None = None
    retries_until: Callable[[int], bool] | None = None
    pause: float = 0.25
    patience: float = 60.0


def fire(address: str, shots: Sequence[Shot], crowd: Crowd) -> Volley:
    """Send every request, and return when each is answered."""
    # In a thread of its own: once a browser was driven, Playwright's loop runs in the first one.
    with ThreadPoolExecutor(1) as own:
        return own.submit(lambda: asyncio.run(_fire(address, shots, crowd))).result()


def fire_together(address: str, crowds: Sequence[tuple[Sequence[Shot], Crowd]]) -> Sequence[Volley]:
    """Send the requests of several crowds at once, and return what each saw, in their order."""
    with ThreadPoolExecutor(len(crowds)) as together:
        coming = [together.submit(fire, address, shots, crowd) for shots, crowd in crowds]
        return [crowd.result() for crowd in coming]


async def _fire(address: str, shots: Sequence[Shot], crowd: Crowd) -> Volley:
    waiting = iter(enumerate(shots))
    seen: list[Seen] = []
    began = time.perf_counter()
    clients = (_client(address, waiting, crowd, began, seen) for _ in range(crowd.clients))
    await asyncio.gather(*clients)
    return Volley(seen, time.perf_counter() - began)


async def _client(
    address: str,
    waiting: Iterator[tuple[int, Shot]],
    crowd: Crowd,
    began: float,
    seen: list[Seen],
) -> None:
    lines: dict[str, _Line] = {}
    for number, shot in waiting:
        if crowd.per_second:
            await asyncio.sleep(max(0.0, began + number / crowd.per_second - time.perf_counter()))
        line = lines.setdefault(shot.address or address, _Line(shot.address or address))
        seen.append(await _until_answered(line, shot, crowd))
    for line in lines.values():
        line.hang_up()


async def _until_answered(line: "_Line", shot: Shot, crowd: Crowd) -> Seen:
    began = time.perf_counter()
    while True:
        try:
            status, body = await asyncio.wait_for(line.ask(shot), crowd.patience)
        except (OSError, EOFError, asyncio.IncompleteReadError, TimeoutError):
            line.hang_up()
            status, body = NO_ANSWER, b""
        if not (crowd.retries_until and not crowd.retries_until(status)):
            return Seen(shot, status, body, began, time.perf_counter() - began)
        await asyncio.sleep(crowd.pause)


class _Line:
    """One client's connection to one server."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self.netloc, self.host, self.port = parts.netloc, parts.hostname, parts.port
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def ask(self, shot: Shot) -> tuple[int, bytes]:
        if self.writer is None or self.reader is None:
            # The name stays in the Host header; the connection goes to this machine and no other.
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        self.writer.write(self._request(shot))
        status, headers = _head(await self.reader.readuntil(b"\r\n\r\n"))
        body = await _body(self.reader, headers)
        if headers.get("connection", "").lower() == "close":
            self.hang_up()
        return status, body

    def hang_up(self) -> None:
        if self.writer is not None:
            self.writer.close()
        self.reader = self.writer = None

    def _request(self, shot: Shot) -> bytes:
        headers = {"Host": self.netloc, "User-Agent": "load", **shot.headers}
        if shot.body or shot.method != "GET":
            headers["Content-Length"] = str(len(shot.body))
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"{shot.method} {shot.path} HTTP/1.1\r\n{head}\r\n".encode() + shot.body


def _head(raw: bytes) -> tuple[int, dict[str, str]]:
    first, *rest = raw.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in rest if line)
    return int(first.split()[1]), {name.lower(): value.strip() for name, _, value in pairs}


async def _body(reader: asyncio.StreamReader, headers: Mapping[str, str]) -> bytes:
    if "content-length" in headers:
        return await reader.readexactly(int(headers["content-length"]))
    if headers.get("transfer-encoding", "").lower() == "chunked":
        return b"".join([chunk async for chunk in _chunks(reader)])
    if headers.get("connection", "").lower() == "close":
        return await reader.read()
    return b""


async def _chunks(reader: asyncio.StreamReader):
    while size := int((await reader.readline()).split(b";")[0], 16):
        yield await reader.readexactly(size)
        await reader.readline()
    await reader.readline()
