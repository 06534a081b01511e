"""Turn sizes into input files that every process of a run shares; making them is never measured."""

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.measure import Size
from xlreport.sample import write_sample

__all__ = ["FOLDER", "kept", "sample"]

FOLDER = "XLREPORT_BENCH_INPUTS"
"""The environment variable that names the folder of the inputs."""


def kept(name: str, make: Callable[[Path], None]) -> Path:
    """Return the folder ``name`` of inputs; ``make`` fills it if no process has done so."""
    folder = Path(os.environ[FOLDER]) / name
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(dir=folder.parent))
        make(made)
        made.rename(folder)
    return folder


def sample(size: Size) -> Path:
    """Return the folder of a sample register, or of a part of its contracts with all else whole."""
    name = f"sample-{size.rows}"
    whole = kept(name, lambda folder: _write(folder, size.rows))
    if size.step == 1:
        return whole
    return kept(f"{name}-every-{size.step}", lambda folder: _thin(whole, folder, size.step))


def _write(folder: Path, rows: int) -> None:
    write_sample(folder, contracts=rows)


def _thin(whole: Path, folder: Path, step: int) -> None:
    shutil.copytree(whole, folder, dirs_exist_ok=True)
    with (whole / "contracts.ndjson").open("rb") as lines, (folder / "contracts.ndjson").open("wb") as part:
        part.writelines(line for number, line in enumerate(lines) if number % step == 0)
