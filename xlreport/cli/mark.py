"""`xlreport mark`."""

from pathlib import Path

import click

from xlreport.cli.options import mask_option, reading_options
from xlreport.cli.talk import example, say
from xlreport.findings import Mask, Severity
from xlreport.text import plural
from xlreport.uploads import Limits

__all__ = ["mark"]


@click.command(
    epilog=example(
        "xlreport mark contracts.xlsx partners.csv -o contracts-marked.xlsx",
        "xlreport mark contracts.xlsx partners.csv --language de --in-place",
    )
)
@click.argument("file", metavar="FILE")
@click.argument("others", nargs=-1, metavar="[DATA...]")
@click.option("-o", "--output", metavar="MARKED", help="The workbook to write [default: FILE-marked].")
@click.option("--in-place", is_flag=True, help="Mark FILE itself.")
@click.option("--dataset", metavar="FILE", help="The dataset file that describes FILE, or its folder.")
@click.option(
    "--language",
    default="en",
    metavar="CODE",
    help="Language of the notes and of the sheet Issues: ar, de, en, es, fr, ru or zh.",
)
@mask_option
@reading_options
@click.pass_context
def mark(  # noqa: PLR0913  # every option of the command has its name here
    ctx: click.Context,
    file: str,
    others: tuple[str, ...],
    output: str | None,
    *,
    in_place: bool,
    dataset: str | None,
    schema: str | None,
    language: str,
    engine: str | None,
    limits: Limits,
    mask: Mask,
) -> None:
    """Write the workbook FILE (.xlsx, .xlsm) with its mistakes marked, and everything else untouched.

    Cells with mistakes are filled and noted, and a sheet Issues lists them with links. Marks from before go;
    what has been corrected bears none. DATA are files that belong to the same dataset, such as the partners
    that the contracts refer to. Exit code 1 where there are errors.
    """
    from xlreport.marked import MarkOptions, mark  # import cost

    target = _target(file, output, in_place=in_place)
    given = _given(others, dataset)
    options = MarkOptions(schema, engine or "", language, in_place, limits, mask)
    marked = mark(file, target, given, options)
    for note in marked.notes:
        say(note)
    cells = sum(marked.cells.values())
    if marked.issues:
        where = f"{plural(cells, 'cell')} marked in {plural(len(marked.cells), 'sheet')}"
        say(f"{marked.findings.in_words()}: {where}; see the sheet {marked.issues}.")
    else:
        say("No mistakes; marks from before are gone." if marked.was_marked else "No mistakes.")
    click.echo(str(marked.path))
    if marked.findings.count(Severity.ERROR):
        ctx.exit(1)


def _target(file: str, output: str | None, *, in_place: bool) -> Path:
    if in_place and output is not None:
        message = "--in-place marks FILE itself, and -o writes another file; give one of the two."
        raise click.UsageError(message)
    path = Path(file)
    if in_place:
        return path
    return Path(output) if output is not None else path.with_stem(f"{path.stem}-marked")


def _given(others: tuple[str, ...], dataset: str | None) -> tuple[str, ...]:
    if dataset and others:
        message = "--dataset names all files; give it, or DATA."
        raise click.UsageError(message)
    return (dataset,) if dataset else others
