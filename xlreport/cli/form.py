"""`xlreport form`."""

import click

from xlreport.cli.talk import example, paths, say
from xlreport.entry import ROWS
from xlreport.findings import Findings
from xlreport.text import listing, plural

__all__ = ["form"]


@click.command(
    epilog=example(
        "xlreport form dataset -o register-form.xlsx",
        "xlreport form dataset -o register.xlsx --from sample --language de",
    )
)
@click.argument("schema", metavar="SCHEMA")
@click.option("-o", "--output", required=True, metavar="FORM", help="The workbook to write.")
@click.option(
    "--from",
    "data",
    multiple=True,
    metavar="DATA",
    help="Records to fill it with: a dataset file, a folder or a data file; can be given several times.",
)
@click.option(
    "--language", default="en", metavar="CODE", help="Language of the form: ar, de, en, es, fr, ru or zh."
)
@click.option(
    "--theme", default="", metavar="NAME|FILE", help="Look of the form: a shipped theme or a brand file."
)
@click.option(
    "--rows",
    type=click.IntRange(1, 1_000_000),
    default=ROWS,
    show_default=True,
    help="Rows of each sheet that are ready to be filled in.",
)
def form(schema: str, output: str, data: tuple[str, ...], language: str, theme: str, rows: int) -> None:
    """Write the entry form of a SCHEMA: a workbook in which people fill in records.

    SCHEMA is the name of a shipped JSON Schema (dataset, contract, partner) or the file of your own. What
    has been filled in is read like any spreadsheet: xlreport check FORM --schema SCHEMA.
    """
    from xlreport.entry import make_form  # import cost

    made = make_form(
        schema, output, data=paths(data) if data else None, language=language, theme=theme, rows=rows
    )
    _write(made.findings)
    filled = listing(f"{plural(count, 'record')} of {name}" for name, count in made.records.items())
    say(f"{plural(made.sheets, 'sheet')}{f', filled with {filled}' if filled else ''}.")
    click.echo(str(made.path))


def _write(findings: Findings) -> None:
    if not len(findings):
        return
    from rich.console import Console  # import cost

    from xlreport.backends import findings_text  # import cost

    findings_text.write(findings, Console(stderr=True), most=20)
