"""How soon the first page is there, and how much memory the product holds when nobody asks for anything."""

import os
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import psutil

from app.web.settings import ROOT
from tests.benchmarks.door import Engine, bare_servers
from tests.benchmarks.table import Row
from tests.load import Crowd, Shot, fire
from tests.running import Place, Server, a_free_port, serving, working

SETTLE_SECONDS = 3.0


def start_rows(bare: Place, *, rounds: int) -> list[Row]:
    """Time ./run on a machine that is ready, to its first page; and the bare server."""
    if (ROOT / ".venv").is_symlink():
        return [
            Row(
                what="start: ./run would set this worktree up anew; measure it in a clone", ours="-"
            )
        ]
    with TemporaryDirectory(prefix="hooray-start-") as folder:
        _start_once(Path(folder))
        ours = median(_start_once(Path(folder)) for _ in range(rounds))
    reference = median(_bare_start(bare) for _ in range(rounds))
    return [
        Row(
            what="start: ./run on a prepared machine to the first page, s",
            ours=ours,
            reference=reference,
            beside="bare server",
            ratio=ours / reference,
            goal="<= 5",
            met=ours <= 5,
        )
    ]


def _start_once(folder: Path) -> float:
    port = a_free_port()
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("HOORAY_", "DATABASE"))}
    environment |= {"PORT": str(port), "HOORAY_DATA_FOLDER": str(folder)}
    server = Server(("./run",), environment, folder, port)
    try:
        return server.start(path="/")
    finally:
        server.stop()


def _bare_start(bare: Place) -> float:
    began = time.monotonic()
    with bare_servers(bare, 1):
        return time.monotonic() - began


def memory_rows(engine: Engine, place: Place, bare: Place) -> list[Row]:
    """Add up the memory of every process of the product, after some pages were asked for."""
    with bare_servers(bare, 1) as bares:
        _ask(bares[0], "/")
        reference = _megabytes([bares[0].pid])
    with serving(place) as server:
        processes = [server.pid]
        if engine.name == "SQLite":
            _ask(server, "/v")
            ours = _megabytes(processes)
        else:
            with working(place) as worker:
                _ask(server, "/v")
                ours = _megabytes([*processes, worker.pid])
    return [
        Row(
            what=f"memory at rest, {engine.name}: all our processes, MB",
            ours=ours,
            reference=reference,
            beside="bare server",
            ratio=ours / reference,
            goal="<= 250",
            met=ours <= 250,
        )
    ]


def _ask(server: Server, path: str) -> None:
    fire(server.address, [Shot(path)] * 20, Crowd(clients=4))
    time.sleep(SETTLE_SECONDS)


def _megabytes(pids: list[int]) -> float:
    """Return the proportional share of memory of processes and of all that they started."""
    family = [member for pid in pids for member in _family(psutil.Process(pid))]
    return sum(member.memory_full_info().pss for member in family) / 1e6


def _family(process: psutil.Process) -> list[psutil.Process]:
    return [process, *process.children(recursive=True)]
