"""Turn a case into measurements: a process of its own for every run, its result checked before it counts.

The time is the CPU time of all threads, user and system, from the moment when the libraries are imported
and the input stands in memory in the form that the library likes best. The memory is the peak of the
resident memory above what was resident at that moment.
"""

import json
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

__all__ = ["Case", "Job", "Measurement", "Run", "Subject", "measured", "run_here"]

Job = Callable[[Path], None]
"""Does the work that is measured, and leaves its result in the file at the path."""

_ROOT = Path(__file__).parents[2]
_STATUS = Path("/proc/self/status")
_CLEAR = Path("/proc/self/clear_refs")


@dataclass(frozen=True)
class Case:
    """One way to do the work of a subject."""

    name: str
    prepare: Callable[[int], Job]
    """Imports the library, makes the input of so many rows and returns the job."""
    package: str
    """The distribution whose version is shown."""
    lacks: str = ""
    """What the result has not, of that which the subject asks for."""


@dataclass(frozen=True)
class Subject:
    """Work that several libraries can do, the first case being ours."""

    name: str
    title: str
    cases: tuple[Case, ...]
    verify: Callable[[Path, int], None]
    """Reads the result of so many rows with a program that wrote none of them; AssertionError if wrong."""
    rows: int = 100_000

    def case(self, name: str) -> Case:
        """Return the case called ``name``; KeyError where there is none."""
        return {case.name: case for case in self.cases}[name]


@dataclass(frozen=True)
class Run:
    """What one run took."""

    cpu: float
    """Seconds."""
    memory: float
    """Megabytes (10**6 bytes)."""
    size: int
    """Bytes of the result."""


@dataclass(frozen=True)
class Measurement:
    """All runs of a case."""

    case: str
    version: str
    lacks: str
    rows: int
    runs: tuple[Run, ...]

    @property
    def cpu(self) -> float:
        """The median."""
        return statistics.median(run.cpu for run in self.runs)

    @property
    def memory(self) -> float:
        """The median."""
        return statistics.median(run.memory for run in self.runs)

    @property
    def size(self) -> int:
        """The median."""
        return int(statistics.median(run.size for run in self.runs))


def measured(
    subject: Subject, cases: Sequence[Case], rows: int, repeat: int, versions: Callable[[str], str]
) -> Iterator[Measurement]:
    """Run every case ``repeat`` times and yield what was measured.

    The cases take turns, so that a noisy minute of the machine does not fall on one of them alone.
    """
    runs: dict[str, list[Run]] = {case.name: [] for case in cases}
    for _ in range(repeat):
        for case in cases:
            runs[case.name].append(_one_run(subject, case, rows))
    for case in cases:
        yield Measurement(case.name, versions(case.package), case.lacks, rows, tuple(runs[case.name]))


def _one_run(subject: Subject, case: Case, rows: int) -> Run:
    with tempfile.TemporaryDirectory(prefix="xlreport-bench-") as folder:
        result = Path(folder) / "result.xlsx"
        command = [sys.executable, "-m", "tests.benchmarks.child", subject.name, case.name, str(rows)]
        done = subprocess.run(
            [*command, str(result)], cwd=_ROOT, check=True, stdout=subprocess.PIPE, text=True
        )
        subject.verify(result, rows)
        return Run(**json.loads(done.stdout.splitlines()[-1]))


def run_here(case: Case, rows: int, result: Path) -> str:
    """Run the case in this process and return the `Run` as JSON."""
    job = case.prepare(rows)
    before, at_start = _resident_peak(reset=True), _cpu()
    job(result)
    cpu = _cpu() - at_start
    memory = (_resident_peak(reset=False) - before) / 1e6
    return json.dumps(asdict(Run(round(cpu, 4), round(memory, 1), result.stat().st_size)))


def _cpu() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(times.ru_utime + times.ru_stime for times in used)


def _resident_peak(*, reset: bool) -> int:
    """Return the peak of the resident memory in bytes; ``reset`` makes the present value the peak.

    Only Linux can reset it. Elsewhere the peak of the input's making hides what is below it.
    """
    if not _STATUS.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    if reset:
        _CLEAR.write_text("5")
    for line in _STATUS.read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    message = "the kernel does not tell the peak of the resident memory"
    raise OSError(message)
