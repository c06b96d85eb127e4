"""Drawing certificates: how many a second and core, in how much memory, of which size."""

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from app.plumbing.drawing.studio import STUDIO
from app.plumbing.pdf import (
    CannotDraw,
    Fields,
    certificate_pdf,
    certificate_pdfs,
    certificates_pdf,
    sample,
)
from app.web.settings import ROOT
from tests.benchmarks.table import Row

FIRST_NAMES = (
    "Siân Gwen Łukasz Priya Marcus Oluwaseun Ayşe Hồng Zoë Freya Jürgen Xanthe Kwame Quentin Bjørn "
    "Niamh Dafydd Yusuf Ines Věra Tom Asha Helen Ifeoma Grace Beatriz Wilhelmina Rhiannon Émile"
)
LAST_NAMES = (
    "O’Connor Wróbel Price Yıldırım Nguyễn Adébáyọ̀ Fitzgerald Kowalczyk Zhang Desjardins Hughes "
    "McAllister Quirke Vaughan Østergaard Baker Jenkins Patel Llewellyn Müller Thạch Ćirić Nuñez"
)


@dataclass(frozen=True)
class Drawn:
    """How it went."""

    a_second: float
    a_second_of_wall: float
    megabytes: float
    largest: float


@dataclass(frozen=True)
class Naive:
    """How it goes without our preparations."""

    a_second: float
    bytes: int
    megabytes: float


def certificate_rows(*, how_many: int, naively: int) -> list[Row]:
    """Draw one at a time, many as single files, many as one print file; the naive way before and after."""
    people = [_somebody(number) for number in range(how_many)]
    before = _naive(naively)
    one_by_one = _measured(lambda: [certificate_pdf(*person) for person in people[: how_many // 5]])
    singles = _measured(lambda: certificate_pdfs(people))
    printed = _measured(
        lambda: [certificates_pdf(people, blank_last=True, title="Certificates")], pages=how_many
    )
    after = _naive(naively)
    naive = Naive(
        (before.a_second + after.a_second) / 2, after.bytes, max(before.megabytes, after.megabytes)
    )
    return [
        *_rows("certificates, one at a time", one_by_one, naive, goal=None),
        *_rows(f"certificates, {how_many} single files", singles, naive, goal=25),
        *_rows(f"certificates, {how_many} in a print file", printed, naive, goal=None),
    ]


def _rows(name: str, drawn: Drawn, naive: Naive, *, goal: float | None) -> list[Row]:
    ratio = drawn.a_second / naive.a_second
    is_file = "print file" not in name
    return [
        Row(
            what=f"{name}: a second and core",
            ours=drawn.a_second,
            reference=naive.a_second,
            beside="naive write_pdf()",
            ratio=ratio,
            goal=">= 25 and >= 10 x" if goal else "",
            met=drawn.a_second >= goal and ratio >= 10 if goal else None,
        ),
        Row(
            what=f"{name}: peak memory, MB",
            ours=drawn.megabytes,
            reference=naive.megabytes,
            beside="naive write_pdf()",
            ratio=drawn.megabytes / naive.megabytes,
            goal="<= 512",
            met=drawn.megabytes <= 512,
        ),
        Row(
            what=f"{name}: kB a {'file' if is_file else 'page'}",
            ours=drawn.largest / 1000,
            reference=naive.bytes / 1000,
            beside="naive write_pdf()",
            ratio=drawn.largest / naive.bytes,
            goal="<= 100" if is_file else "<= 10",
            met=drawn.largest / 1000 <= (100 if is_file else 10),
        ),
    ]


def _somebody(number: int) -> tuple[str, Fields]:
    """Return somebody with letters of their own: what is remembered must not flatter us."""
    firsts, lasts = FIRST_NAMES.split(), LAST_NAMES.split()
    first, last = firsts[number % len(firsts)], lasts[number * 7 % len(lasts)]
    named = f"PIT-2026-{number:04}-K"
    return "completion", {
        **sample("completion"),
        "recipient": f"Dr {first} {last}",
        "number": named,
        "check_url": f"HTTPS://HOORAY.EXAMPLE/C/{named}",
    }


def _measured(draw, *, pages: int | None = None) -> Drawn:
    """Draw with a fresh drawing process and read its own accounts."""
    STUDIO.close()
    STUDIO.is_fast()
    easel = psutil.Process(_easel_pid())
    before, began = _cpu(easel), time.perf_counter()
    files = draw()
    wall, took = time.perf_counter() - began, _cpu(easel) - before
    assert not any(isinstance(file, CannotDraw) for file in files), files[-1]
    count = pages or len(files)
    return Drawn(
        a_second=count / took,
        a_second_of_wall=count / wall,
        megabytes=_peak(easel.pid),
        largest=max(map(len, files)) / (pages or 1),
    )


def _easel_pid() -> int:
    (easel,) = [
        child.pid
        for child in psutil.Process().children()
        if "app.plumbing.drawing.child" in child.cmdline()
    ]
    return easel


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


def _peak(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def _naive(how_many: int) -> Naive:
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.naive", str(how_many)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    return Naive(**json.loads(done.stdout))
