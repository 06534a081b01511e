"""`xlreport check`."""

import sys
from collections.abc import Mapping

import click

from xlreport import pipeline
from xlreport.cli.options import data_options, mask_option
from xlreport.cli.talk import example, paths, say
from xlreport.findings import Findings, Mask, Severity
from xlreport.language import Language
from xlreport.languages import load_language
from xlreport.sentences import Counted, Listed, Name, Sentence
from xlreport.tables import NOTHING_WANTED
from xlreport.uploads import Limits

__all__ = ["check"]


@click.command(
    epilog=example(
        "xlreport check sample",
        "xlreport check sample --language fr --mask",
        "cat contracts.ndjson | xlreport check - --schema contract --format json",
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
@click.option(
    "--language",
    default="en",
    metavar="CODE",
    help="Language of the sentences: ar, de, en, es, fr, ru or zh. Codes and places stay as they are.",
)
@mask_option
@click.pass_context
def check(  # noqa: PLR0913  # every option of the command has its name here
    ctx: click.Context,
    data: tuple[str, ...],
    schema: str | None,
    engine: str | None,
    *,
    form: str,
    most: int | None,
    limits: Limits,
    language: str,
    mask: Mask,
) -> None:
    """Check DATA against its JSON Schema, its keys and its references; list every finding.

    DATA is a dataset file, a folder, data files, or - for standard input. Exit code 1 where there are errors.
    """
    speaking = load_language(language)
    register = pipeline.open_register(paths(data), schema, limits)
    checked = pipeline.check(register, engine or "", wanted=NOTHING_WANTED, mask=mask)
    _write(checked.findings, form, most, speaking)
    say(speaking.said(_summary(checked.findings, checked.counts, by_schema=bool(register.schemas))))
    if checked.findings.count(Severity.ERROR):
        ctx.exit(1)


def _summary(findings: Findings, counts: Mapping[str, int], *, by_schema: bool) -> Sentence:
    values = {
        "records": Counted(sum(counts.values()), "record"),
        "tables": Listed(map(Name, counts)) if counts else Sentence("nothing"),
        "errors": Counted(findings.count(Severity.ERROR), "error"),
        "warnings": Counted(findings.count(Severity.WARNING), "warning"),
    }
    if by_schema:
        return Sentence("{records} of {tables} checked: {errors}, {warnings}.", **values)
    return Sentence(
        "{records} of {tables} checked: no schema, so only the files' form was checked; "
        "{errors}, {warnings}.",
        **values,
    )


def _write(findings: Findings, form: str, most: int | None, language: Language) -> None:
    from xlreport.backends import findings_csv, findings_json, findings_text  # import cost

    if form in ("json", "csv"):
        said = (finding.said_in(language) for finding in findings)
        (findings_json if form == "json" else findings_csv).write(said, sys.stdout)
    elif len(findings):
        from rich.console import Console  # import cost

        findings_text.write(findings, Console(highlight=False), most=most, language=language)
