"""The product in processes of its own, over a database of its own: to be measured, and to be killed."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from uuid import uuid4

import psutil
import psycopg
from flask import Flask
from flask_migrate import upgrade

from app.plumbing.database import db
from app.web.factory import create_app
from app.web.settings import ROOT, settings_from

SECRET = "a-secret-key-for-trials-only-0123456789"
FLASK = (sys.executable, "-m", "flask", "--app", "wsgi")
SECONDS_TO_START = 60.0


@dataclass(frozen=True)
class Place:
    """Where one running product keeps its things: a folder and a database."""

    folder: Path
    database_url: str
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def file(self) -> Path:
        """The database file, where there is one."""
        return Path(self.database_url.removeprefix("sqlite:///"))

    def environment(self, **more: str) -> dict[str, str]:
        inherited = {
            k: v for k, v in os.environ.items() if not k.startswith(("HOORAY_", "DATABASE"))
        }
        own = {
            "HOORAY_DATA_FOLDER": str(self.folder),
            "HOORAY_SECRET_KEY": SECRET,
            "HOORAY_SECOND_FACTOR_REQUIRED": "no",
            "HOORAY_BASE_URL": "http://localhost",
            "DATABASE_URL": self.database_url,
        }
        return {**inherited, **own, **self.settings, **more}

    @contextmanager
    def house(self) -> Iterator[Flask]:
        """Open the same product in this process, to put rows in and to look at what became of them."""
        app = create_app(settings_from(self.environment()))
        with app.app_context():
            try:
                yield app
            finally:
                db.session.remove()
                db.engine.dispose()


@contextmanager
def a_place(
    database_url: str | None = None, *, under: Path | None = None, is_bare: bool = False
) -> Iterator[Place]:
    """Make an empty product: on this PostgreSQL server, or else on SQLite; a bare one has no tables."""
    folder = Path(tempfile.mkdtemp(prefix="hooray-", dir=under))
    try:
        if database_url is None:
            place = Place(folder, f"sqlite:///{folder / 'hooray.sqlite'}")
            _migrate(place, is_bare=is_bare)
            yield place
        else:
            with _a_database(database_url) as url:
                place = Place(folder, url)
                _migrate(place, is_bare=is_bare)
                yield place
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _migrate(place: Place, *, is_bare: bool) -> None:
    if not is_bare:
        with place.house():
            upgrade()


@contextmanager
def _a_database(server: str) -> Iterator[str]:
    name = f"trial_{uuid4().hex[:12]}"
    plain = server.replace("postgresql+psycopg://", "postgresql://", 1)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield server.replace("/postgres?", f"/{name}?", 1)
    finally:
        with (
            suppress(psycopg.OperationalError),  # a server that a test has ended takes it along
            psycopg.connect(plain, autocommit=True) as connection,
        ):
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


class Process:
    """A process of ours that may be stopped or killed, and started again as it was."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        self.command, self.environment, self.log = command, environment, log
        self.running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as output:
            self.running = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        assert self.running is not None
        return self.running.pid

    def is_alive(self) -> bool:
        return self.running is not None and self.running.poll() is None

    def kill(self) -> None:
        """End it at once, in the middle of whatever it does."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to end, and see to it."""
        self._end(signal.SIGTERM)

    def wait(self, seconds: float) -> int:
        assert self.running is not None
        return self.running.wait(seconds)

    def _end(self, how: signal.Signals) -> None:
        if self.running is None:
            return
        if self.is_alive():
            self.running.send_signal(how)
        try:
            self.running.wait(10)
        except subprocess.TimeoutExpired:
            self.running.kill()
            self.running.wait()
        self.running = None


def seconds_worked(pid: int) -> float:
    """Return the seconds of processor that a process and those it started have used so far."""
    process = psutil.Process(pid)
    each = [process, *process.children(recursive=True)]
    return float(sum(sum(one.cpu_times()[:2]) for one in each))


class Server(Process):
    """A web server on a port of its own."""

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], folder: Path, port: int
    ):
        super().__init__(command, environment, folder / f"server-{port}.log")
        self.port = port
        self.address = f"http://localhost:{port}"

    def start(self, *, path: str = "/health") -> float:
        """Start it, wait for its first page, and return how many seconds that took."""
        began = time.monotonic()
        super().start()
        while not self._answers(path):
            if not self.is_alive() or time.monotonic() > began + SECONDS_TO_START:
                raise RuntimeError(f"The server does not answer:\n{self.log.read_text()[-4000:]}")
            time.sleep(0.02)
        return time.monotonic() - began

    def _answers(self, path: str) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", path, headers={"Host": f"localhost:{self.port}"})
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()


def a_free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def serving(place: Place, **settings: str) -> Iterator[Server]:
    """Run the product's own server over a place."""
    port = a_free_port()
    environment = place.environment(HOORAY_BASE_URL=f"http://localhost:{port}", **settings)
    server = Server((*FLASK, "serve", "--port", str(port)), environment, place.folder, port)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def working(place: Place, **settings: str) -> Iterator[Process]:
    """Run the product's own worker over a place."""
    worker = Process((*FLASK, "work"), place.environment(**settings), place.folder / "worker.log")
    worker.start()
    try:
        yield worker
    finally:
        worker.stop()
