"""Measure subjects: ``python -m tests.benchmarks --only write``."""

import argparse
import importlib.metadata
import os
import platform
import tempfile
from pathlib import Path

from rich.console import Console

from tests.benchmarks import inputs
from tests.benchmarks.measure import Case, Subject, measured
from tests.benchmarks.report import show, write_chart, write_json
from tests.benchmarks.subjects import SUBJECTS
from xlreport.version import __version__


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--only", choices=SUBJECTS, action="append", help="one subject; may be given again")
    parser.add_argument("--case", action="append", help="one case, by its name; may be given again")
    parser.add_argument("--rows", type=int, help="rows of the input; otherwise the subject's own number")
    parser.add_argument("--repeat", type=int, default=5, help="runs of every case (5)")
    parser.add_argument("--whole", action="store_true", help="give the slow cases all rows too")
    parser.add_argument("--inputs", type=Path, help="folder to keep the inputs in for the next time")
    parser.add_argument("--output", type=Path, help="folder for the JSON files and the charts")
    return parser


def _chosen(subject: Subject, names: list[str] | None) -> list[Case]:
    return list(subject.cases) if names is None else [subject.case(name) for name in names]


def _version(package: str) -> str:
    if not package:
        return f"Python {platform.python_version()}"
    return __version__ if package == "xlreport" else importlib.metadata.version(package)


def _measure(subject: Subject, options: argparse.Namespace, console: Console) -> None:
    cases = _chosen(subject, options.case)
    sizes = [case.size(options.rows or subject.rows, whole=options.whole) for case in cases]
    measurements = list(measured(subject, cases, sizes, options.repeat, _version))
    show(subject, measurements, console)
    if options.output is not None:
        options.output.mkdir(parents=True, exist_ok=True)
        console.print(write_json(subject, measurements, options.output))
        console.print(write_chart(subject, measurements, options.output))


def main() -> None:
    """Measure, print a table for each subject, and leave the files that were asked for."""
    options = _parser().parse_args()
    with tempfile.TemporaryDirectory(prefix="xlreport-bench-inputs-") as folder:
        os.environ[inputs.FOLDER] = str((options.inputs or Path(folder)).absolute())
        for name in options.only or SUBJECTS:
            _measure(SUBJECTS[name], options, Console(width=140))


if __name__ == "__main__":
    main()
