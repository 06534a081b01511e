"""Turn measurements into a table for the screen, a JSON file and a chart."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.benchmarks.measure import Measurement, Subject

__all__ = ["show", "write_chart", "write_json"]

_OURS, _PEER, _INK = "#1F4E79", "#C3CCD6", "#333F4B"
_STEEP = 20
"""Where the slowest case takes more times as long as the quickest, the axis is logarithmic."""
_INCHES_A_BAR = 0.42


def show(subject: Subject, measurements: Sequence[Measurement], console: Console) -> None:
    """Print the table: the first case is what the others are compared with."""
    ours, of_workbooks = measurements[0], subject.result.endswith(".xlsx")
    table = Table(title=f"{subject.title}, {ours.rows:,} rows, medians")
    for heading in ("case", "version"):
        table.add_column(heading)
    for heading in (
        "runs",
        "CPU s",
        "least",
        "most",
        "times ours",
        "+MB",
        *(("file MB",) if of_workbooks else ()),
    ):
        table.add_column(heading, justify="right")
    table.add_column("lacks")
    for one in measurements:
        figures = (one.cpu, min(one.times), max(one.times))
        table.add_row(
            one.label,
            one.version,
            str(len(one.runs)),
            *(f"{figure:.2f}" for figure in figures),
            _ratio(one, ours),
            f"{one.memory:.0f}",
            *((f"{one.size / 1e6:.2f}",) if of_workbooks else ()),
            one.lacks,
        )
    if any(one.taken != one.rows for one in measurements):
        table.caption = f"{_scaling(ours.rows)} Memory and file are as measured."
        table.caption_justify = "left"
    console.print(table)


def _ratio(one: Measurement, ours: Measurement) -> str:
    ratio = one.cpu / ours.cpu
    return f"{ratio:,.0f}" if ratio >= 10 else f"{ratio:.1f}" if ratio >= 1 else f"{ratio:.2f}"


def _scaling(rows: int) -> str:
    return (
        f"(from N): run on N of the {rows:,} rows, evenly spread; the CPU seconds are scaled to all of them."
    )


def write_json(subject: Subject, measurements: Sequence[Measurement], folder: Path) -> Path:
    """Write everything that was measured, with the machine that it was measured on."""
    path = folder / f"{subject.name}.json"
    content = {
        "subject": subject.title,
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} CPUs",
        "load": [round(load, 2) for load in os.getloadavg()],
        "cases": [
            {**asdict(one), "cpu": round(one.cpu, 4), "memory": one.memory, "size": one.size}
            for one in measurements
        ],
    }
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    return path


def write_chart(subject: Subject, measurements: Sequence[Measurement], folder: Path) -> Path:
    """Draw the medians as bars, with the least and the most as whiskers and the ratio to ours in words."""
    from matplotlib.figure import Figure  # noqa: PLC0415  # an extra; the table does without it

    path = folder / f"{subject.name}.png"
    ours = measurements[0]
    medians = [one.cpu for one in measurements]
    spread = [
        [one.cpu - min(one.times) for one in measurements],
        [max(one.times) - one.cpu for one in measurements],
    ]
    figure = Figure(figsize=(9, _INCHES_A_BAR * len(medians) + 1.5), layout="constrained")
    axes = figure.subplots()
    bars = axes.barh(
        [f"{one.label}  {one.version}" for one in measurements],
        medians,
        xerr=spread,
        height=0.68,
        color=[_OURS if one.package == ours.package else _PEER for one in measurements],
        error_kw={"ecolor": _INK, "elinewidth": 0.8},
    )
    axes.bar_label(
        bars,
        [_bar_text(one, ours) for one in measurements],
        padding=6,
        color=_INK,
        fontsize=9,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
    )
    steep = max(medians) > _STEEP * min(medians)
    if steep:
        axes.set_xscale("log")
        axes.set_xlim(min(medians) / 2, max(medians) * 12)
    else:
        axes.set_xlim(0, max(medians) * 1.45)
    axes.invert_yaxis()
    axes.set_xlabel(f"CPU seconds, median{', logarithmic' if steep else ''}", color=_INK, fontsize=9)
    axes.set_title(f"{subject.title}, {ours.rows:,} rows", loc="left", color=_INK, fontweight="bold")
    _plain(axes)
    if any(one.taken != one.rows for one in measurements):
        figure.supxlabel(_scaling(ours.rows), x=0.01, ha="left", fontsize=7.5, color=_INK)
    figure.savefig(path, dpi=120)
    return path


def _bar_text(one: Measurement, ours: Measurement) -> str:
    seconds = f"{one.cpu:,.1f} s" if one.cpu >= 10 else f"{one.cpu:.2f} s"
    if one is ours:
        return seconds
    return f"{seconds}  ·  {_ratio(one, ours)} times ours"


def _plain(axes: Any) -> None:
    """Take away the lines that say nothing."""
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.spines["bottom"].set_color(_PEER)
    axes.tick_params(axis="y", length=0, labelsize=9, colors=_INK)
    axes.tick_params(axis="x", labelsize=8, colors=_INK)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,g}")
    axes.grid(axis="x", color=_PEER, linewidth=0.5, alpha=0.6)
    axes.set_axisbelow(True)
