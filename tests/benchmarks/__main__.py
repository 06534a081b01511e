"""Measure subjects: ``python -m tests.benchmarks --only write``."""

import argparse
import importlib.metadata
from pathlib import Path

from rich.console import Console

from tests.benchmarks.measure import Case, Subject, measured
from tests.benchmarks.report import show, write_chart, write_json
from tests.benchmarks.subjects import SUBJECTS
from xlreport.version import __version__


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--only", choices=SUBJECTS, help="one subject; otherwise all")
    parser.add_argument("--case", action="append", help="one case, by its name; may be given again")
    parser.add_argument("--rows", type=int, help="rows of the input; otherwise the subject's own number")
    parser.add_argument("--repeat", type=int, default=5, help="runs of every case (5)")
    parser.add_argument("--output", type=Path, help="folder for the JSON file and the chart")
    return parser


def _chosen(subject: Subject, names: list[str] | None) -> list[Case]:
    return list(subject.cases) if names is None else [subject.case(name) for name in names]


def _version(package: str) -> str:
    return __version__ if package == "xlreport" else importlib.metadata.version(package)


def main() -> None:
    """Measure, print a table for each subject, and leave the files that were asked for."""
    options = _parser().parse_args()
    console = Console(width=120)
    for name in [options.only] if options.only else SUBJECTS:
        subject = SUBJECTS[name]
        cases = _chosen(subject, options.case)
        measurements = list(measured(subject, cases, options.rows or subject.rows, options.repeat, _version))
        show(subject, measurements, console)
        if options.output is not None:
            options.output.mkdir(parents=True, exist_ok=True)
            console.print(write_json(subject, measurements, options.output))
            console.print(write_chart(subject, measurements, options.output))


if __name__ == "__main__":
    main()
