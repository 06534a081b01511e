"""Turn a case into measurements: a process of its own for every run, its result checked before it counts.

The time is the CPU time of all threads, user and system, from the moment when the libraries are imported
and the input stands in memory in the form that the library likes best. The memory is the peak of the
resident memory above what was resident at that moment.

A case that would take minutes may be run on a part of the input, every so manieth record of it. Its times
are then scaled to the whole, and every table and chart says so.
"""

import json
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

__all__ = ["Case", "Job", "Measurement", "Run", "Size", "Subject", "measured", "run_here"]

Job = Callable[[Path], Mapping[str, float] | None]
"""Does the work that is measured and leaves its result in the file at the path.

It may return the CPU seconds of its stages.
"""

_ROOT = Path(__file__).parents[2]
_STATUS = Path("/proc/self/status")
_CLEAR = Path("/proc/self/clear_refs")


@dataclass(frozen=True)
class Size:
    """How much of an input a case is given."""

    rows: int
    """Of the whole input."""
    step: int = 1
    """Every so manieth record is taken, beginning with the first."""

    @property
    def taken(self) -> int:
        """The number of records taken."""
        return len(range(0, self.rows, self.step))


@dataclass(frozen=True)
class Case:
    """One way to do the work of a subject."""

    name: str
    prepare: Callable[[Size], Job]
    """Imports the library, makes the input of that size and returns the job."""
    package: str
    """The distribution whose version is shown; empty for Python's own."""
    lacks: str = ""
    """What the result has not, of that which the subject asks for."""
    most_rows: int = 0
    """Of a larger input it is given a part of about so many records; 0 for the whole, whatever it takes."""
    most_runs: int = 0
    """It is not run more often than that; 0 for as often as is asked for."""

    def size(self, rows: int, *, whole: bool = False) -> Size:
        """Return how much of an input of so many rows the case is given."""
        return Size(rows, 1 if whole or not self.most_rows else -(-rows // self.most_rows))


@dataclass(frozen=True)
class Subject:
    """Work that several libraries can do, the first case being ours."""

    name: str
    title: str
    cases: tuple[Case, ...]
    verify: Callable[[Path, Size], None]
    """Reads a result back, not with what left it where that can be; AssertionError if it is wrong."""
    rows: int = 100_000
    result: str = "result.xlsx"
    """Name of the file that a job leaves; the size of any other than a workbook says nothing."""

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
    stages: Mapping[str, float] = field(default_factory=dict)
    """CPU seconds by stage, where the job tells them."""


@dataclass(frozen=True)
class Measurement:
    """All runs of a case."""

    case: str
    package: str
    version: str
    lacks: str
    rows: int
    """Of the whole input."""
    taken: int
    """Rows that the case was given."""
    runs: tuple[Run, ...]

    @property
    def label(self) -> str:
        """The name, and the number of rows where it was not given all."""
        return self.case if self.taken == self.rows else f"{self.case} (from {self.taken:,})"

    @property
    def times(self) -> tuple[float, ...]:
        """CPU seconds of each run, scaled to all rows."""
        return tuple(run.cpu * self.rows / self.taken for run in self.runs)

    @property
    def cpu(self) -> float:
        """The median, scaled to all rows."""
        return statistics.median(self.times)

    @property
    def memory(self) -> float:
        """The median."""
        return statistics.median(run.memory for run in self.runs)

    @property
    def size(self) -> int:
        """The median."""
        return int(statistics.median(run.size for run in self.runs))


def measured(
    subject: Subject,
    cases: Sequence[Case],
    sizes: Sequence[Size],
    repeat: int,
    versions: Callable[[str], str],
) -> Iterator[Measurement]:
    """Run every case ``repeat`` times, each on its size, and yield what was measured.

    The cases take turns, so that a noisy minute of the machine does not fall on one of them alone.
    """
    runs: dict[str, list[Run]] = {case.name: [] for case in cases}
    for turn in range(repeat):
        for case, size in zip(cases, sizes, strict=True):
            if not case.most_runs or turn < case.most_runs:
                runs[case.name].append(_one_run(subject, case, size))
    for case, size in zip(cases, sizes, strict=True):
        yield Measurement(
            case.name,
            case.package,
            versions(case.package),
            case.lacks,
            size.rows,
            size.taken,
            tuple(runs[case.name]),
        )


def _one_run(subject: Subject, case: Case, size: Size) -> Run:
    with tempfile.TemporaryDirectory(prefix="xlreport-bench-") as folder:
        result = Path(folder) / subject.result
        command = [sys.executable, "-m", "tests.benchmarks.child", subject.name, case.name]
        done = subprocess.run(
            [*command, str(size.rows), str(size.step), str(result)],
            cwd=_ROOT,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        subject.verify(result, size)
        return Run(**json.loads(done.stdout.splitlines()[-1]))


def run_here(case: Case, size: Size, result: Path) -> str:
    """Run the case in this process and return the `Run` as JSON."""
    job = case.prepare(size)
    before, at_start = _resident_peak(reset=True), _cpu()
    stages = job(result)
    cpu = _cpu() - at_start
    memory = (_resident_peak(reset=False) - before) / 1e6
    return json.dumps(asdict(Run(round(cpu, 4), round(memory, 1), result.stat().st_size, stages or {})))


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
