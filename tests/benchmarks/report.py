"""Turn measurements into a table for the screen, a JSON file and a chart."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.benchmarks.measure import Measurement, Subject

__all__ = ["show", "write_chart", "write_json"]


def show(subject: Subject, measurements: Sequence[Measurement], console: Console) -> None:
    """Print the table: the first case is what the others are compared with."""
    ours = measurements[0]
    table = Table(title=f"{subject.title}, {ours.rows:,} rows, median of {len(ours.runs)}")
    for heading in ("case", "version"):
        table.add_column(heading)
    for heading in ("CPU s", "least", "most", "times ours", "+MB", "file MB"):
        table.add_column(heading, justify="right")
    table.add_column("lacks")
    for one in measurements:
        times = [run.cpu for run in one.runs]
        figures = (one.cpu, min(times), max(times))
        table.add_row(
            one.case,
            one.version,
            *(f"{figure:.2f}" for figure in figures),
            f"{one.cpu / ours.cpu:.1f}",
            f"{one.memory:.0f}",
            f"{one.size / 1e6:.2f}",
            one.lacks,
        )
    console.print(table)


def write_json(subject: Subject, measurements: Sequence[Measurement], folder: Path) -> Path:
    """Write everything that was measured, with the machine that it was measured on."""
    path = folder / f"{subject.name}.json"
    content = {
        "subject": subject.title,
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} CPUs",
        "load": [round(load, 2) for load in os.getloadavg()],
        "cases": [
            {**asdict(one), "cpu": one.cpu, "memory": one.memory, "size": one.size} for one in measurements
        ],
    }
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    return path


def write_chart(subject: Subject, measurements: Sequence[Measurement], folder: Path) -> Path:
    """Draw the medians as bars on a logarithmic axis, with the least and the most as whiskers."""
    from matplotlib.figure import Figure  # noqa: PLC0415  # an extra; the table does without it

    path = folder / f"{subject.name}.png"
    names = [f"{one.case} {one.version}" for one in measurements]
    medians = [one.cpu for one in measurements]
    below = [one.cpu - min(run.cpu for run in one.runs) for one in measurements]
    above = [max(run.cpu for run in one.runs) - one.cpu for one in measurements]
    figure = Figure(figsize=(9, 0.5 * len(names) + 1.4), layout="constrained")
    axes = figure.subplots()
    bars = axes.barh(names, medians, xerr=(below, above), color=["#1F4E79"] + ["#9DC3E6"] * (len(names) - 1))
    axes.bar_label(bars, [f"{median:.2f} s" for median in medians], padding=6)
    axes.set_xscale("log")
    axes.set_xlim(right=max(medians) * 3)
    axes.invert_yaxis()
    axes.set_xlabel("CPU seconds, median (logarithmic)")
    axes.set_title(f"{subject.title}, {measurements[0].rows:,} rows", loc="left")
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=120)
    return path
