"""`xlreport check` and `xlreport explain`."""

import sys

import click

from xlreport import pipeline
from xlreport.cli.options import data_options
from xlreport.cli.talk import example, paths, say
from xlreport.errors import UsageError
from xlreport.findings import Findings, Severity
from xlreport.tables import NOTHING_WANTED
from xlreport.text import did_you_mean, listing, plural
from xlreport.uploads import Limits

__all__ = ["check", "explain"]


@click.command(
    epilog=example(
        "xlreport check sample", "cat contracts.ndjson | xlreport check - --schema contract --format json"
    )
)
@data_options
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "csv"]),
    default="text",
    show_default=True,
    help="How the findings are written.",
)
@click.option(
    "--most", type=click.IntRange(1), metavar="N", help="Findings listed at most in text; all are counted."
)
@click.pass_context
def check(
    ctx: click.Context,
    data: tuple[str, ...],
    schema: str | None,
    engine: str | None,
    form: str,
    most: int | None,
    limits: Limits,
) -> None:
    """Check DATA against its JSON Schema, its keys and its references; list every finding.

    DATA is a dataset file, a folder, data files, or - for standard input. Exit code 1 where there are errors.
    """
    register = pipeline.open_register(paths(data), schema, limits)
    checked = pipeline.check(register, engine or "", wanted=NOTHING_WANTED)
    _write(checked.findings, form, most)
    read = sum(checked.counts.values())
    held = "no schema, so only the files' form was checked; " if not register.schemas else ""
    say(
        f"{plural(read, 'record')} of {listing(checked.counts) or 'nothing'} checked: "
        f"{held}{checked.findings.in_words()}."
    )
    if checked.findings.count(Severity.ERROR):
        ctx.exit(1)


def _write(findings: Findings, form: str, most: int | None) -> None:
    from xlreport.backends import findings_csv, findings_json, findings_text  # import cost

    if form == "json":
        findings_json.write(findings, sys.stdout)
    elif form == "csv":
        findings_csv.write(findings, sys.stdout)
    elif len(findings):
        from rich.console import Console  # import cost

        findings_text.write(findings, Console(), most=most)


@click.command(epilog=example("xlreport explain missing-reference"))
@click.argument("code", required=False)
def explain(code: str | None) -> None:
    """Explain what a finding's CODE means and what to do; without CODE, list them all."""
    from xlreport.checks.codes import CODES  # import cost

    if code is None:
        width = max(map(len, CODES))
        click.echo("\n".join(f"{name:<{width}}  {entry.title}" for name, entry in sorted(CODES.items())))
        return
    if code not in CODES:
        message = f"There is no finding '{code}'{did_you_mean(code, CODES)} xlreport explain lists them all."
        raise UsageError(message)
    entry = CODES[code]
    parts = [
        ("What it means", entry.what),
        ("Why it matters", entry.why),
        ("Example", entry.example),
        ("What to do", entry.fix),
    ]
    click.echo(f"{code}: {entry.title}\n")
    click.echo("\n\n".join(f"{heading}\n  {text}" for heading, text in parts if text))
