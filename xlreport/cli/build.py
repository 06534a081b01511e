"""`xlreport build` and `xlreport plan`."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from xlreport import pipeline
from xlreport.cli.options import data_options, options_from, report_options
from xlreport.cli.talk import Progress, example, paths, say
from xlreport.files import Compression
from xlreport.findings import Severity
from xlreport.text import plural

__all__ = ["build", "plan"]


@click.command(epilog=example("xlreport build annual-results sample -o annual-results.xlsx --period 2017"))
@click.argument("report", metavar="REPORT")
@data_options
@report_options
@click.option(
    "-o", "--output", metavar="FILE", help="The workbook to write [default: the report's name, .xlsx]."
)
@click.option(
    "--compression",
    type=click.Choice(["speed", "size"]),
    default="speed",
    show_default=True,
    help="Write the workbook quickly, or small, for one that is sent or kept.",
)
@click.option("-q", "--quiet", is_flag=True, help="No progress, no summary.")
def build(
    report: str,
    data: tuple[str, ...],
    output: str | None,
    *,
    compression: Compression,
    quiet: bool,
    **values: Any,
) -> None:
    """Build the workbook of a REPORT from DATA.

    REPORT is the name of a shipped report (see xlreport reports) or the file of your own. DATA is a
    dataset file, a folder, data files, or - for standard input.
    """
    default = f"{Path(report).stem if Path(report).suffix else Path(report).name}.xlsx"
    target = Path(default if output is None else output)
    options = replace(options_from(values), compression=compression)
    if quiet:
        delivery = pipeline.build(report, paths(data), target, options)
    else:
        with Progress() as progress:
            delivery = pipeline.build(report, paths(data), target, options, progress.done, progress.going)
        _summarise(delivery)
    click.echo(str(delivery.path))


def _summarise(delivery: pipeline.Delivery) -> None:
    quality = delivery.quality
    read, aside = sum(quality.read.values()), sum(quality.set_aside.values())
    lines = [f"{plural(read, 'record')} read, {read - aside:,} used, {aside:,} set aside"]
    warnings = delivery.findings.count(Severity.WARNING)
    if warnings:
        lines.append(f"{plural(warnings, 'warning')}: see the sheet Findings, or run xlreport check")
    unconverted = sum(part.rows for part in quality.unconverted)
    if unconverted:
        lines.append(f"{plural(unconverted, 'amount')} without an exchange rate: see the sheet Definitions")
    if quality.unmatched:
        lines.append(
            f"{plural(len(quality.unmatched), 'country value')} not matched: see the sheet Definitions"
        )
    if delivery.statement:
        lines += ["", *delivery.statement]
    say("\n" + "\n".join(lines) + "\n")


@click.command(epilog=example("xlreport plan contract-register contracts.csv --schema contract"))
@click.argument("report", metavar="REPORT")
@data_options
@report_options
@click.option(
    "--rows", type=click.IntRange(2), default=12, show_default=True, help="Rows shown of a long block."
)
def plan(report: str, data: tuple[str, ...], rows: int, **values: Any) -> None:
    """Print what the workbook of a REPORT will be, as text, without writing it."""
    from xlreport.backends import text  # import cost

    made = pipeline.make_plan(report, paths(data), options_from(values))
    click.echo(text.render(made, rows=rows), nl=False)
